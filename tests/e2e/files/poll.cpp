// KIND: data-race
// What makes a number ready is ordered before poll and select.
#include <poll.h>
#include <sys/select.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  const int in = ends[0], out = ends[1];
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        if (write(out, "x", 1) != 1) exit(3);
      },
      [=] {
        pollfd fd = {in, POLLIN, 0};
        if (poll(&fd, 1, -1) != 1) exit(4);
        fd_set set;
        FD_ZERO(&set);
        FD_SET(in, &set);
        if (select(in + 1, &set, nullptr, nullptr, nullptr) != 1) exit(5);
      },
      [] { data = 2; });  // RACE
}
