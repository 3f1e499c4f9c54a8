// KIND: data-race
// Adding to an epoll instance is ordered before the wait that tells of it.
#include <sys/epoll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) return 2;
  const int in = ends[0], epoll = epoll_create1(0);
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        epoll_event event = {EPOLLIN, {}};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, in, &event) != 0) exit(3);
      },
      [=] {
        if (epoll_event got; epoll_wait(epoll, &got, 1, -1) != 1) exit(4);
      },
      [] { data = 2; });  // RACE
}
