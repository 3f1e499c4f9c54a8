// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// A forked child has its parent's locks, but not its threads.
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"

std::mutex first, second;

int main() {
  InTurn([] { TakeBoth(first, second); },  // RACE
         [] {
           if (BUG) {
             TakeBoth(second, first);  // RACE
             return;
           }
           const pid_t child = fork();
           if (child == 0) {
             TakeBoth(second, first);
             _exit(0);
           }
           int status = 0;
           waitpid(child, &status, 0);
           if (status != 0) _exit(1);
         });
}
