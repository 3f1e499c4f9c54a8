// KIND: data-race
// What makes a number ready is ordered before the wait that says so.
#include <sys/epoll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  const int out = ends[1], epoll = epoll_create1(0);
  epoll_event event = {EPOLLIN, {}};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) != 0) return 3;
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        if (write(out, "x", 1) != 1) exit(3);
      },
      [=] {
        if (epoll_event got; epoll_wait(epoll, &got, 1, -1) != 1) exit(4);
      },
      [] { data = 2; });  // RACE
}
