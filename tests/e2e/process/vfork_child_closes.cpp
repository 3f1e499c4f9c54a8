// KIND: data-race
// What a child of vfork closes and copies are numbers of its own: the parent's pipe goes on ordering.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/order.h"

int data;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  const pid_t child = vfork();
  if (child == 0) {
    dup2(ends[1], 100);
    close(ends[0]);
    close(ends[1]);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  HandOver([] { data = 1; },  // RACE
           [=] {
             if (write(ends[1], "a", 1) != 1) exit(3);
           },
           [=] {
             char byte;
             if (read(ends[0], &byte, 1) != 1) exit(4);
           },
           [] { data = 2; });  // RACE
}
