// KIND: data-race
// Adding to an eventfd is ordered before taking from it.
#include <sys/eventfd.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  const int fd = eventfd(0, 0);
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        if (eventfd_t one = 1; write(fd, &one, 8) != 8) exit(3);
      },
      [=] {
        if (eventfd_t got; read(fd, &got, 8) != 8) exit(4);
      },
      [] { data = 2; });  // RACE
}
