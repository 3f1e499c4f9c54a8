// KIND: data-race
// Sending through a socket pair is ordered before receiving.
#include <sys/socket.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0) return 2;
  const int in = ends[0], out = ends[1];
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        msghdr m = {};
        char text[] = "x";
        iovec v = {text, 1};
        m.msg_iov = &v;
        m.msg_iovlen = 1;
        if (sendmsg(out, &m, 0) != 1) exit(3);
      },
      [=] {
        if (recv(in, &byte, 1, 0) != 1) exit(4);
      },
      [] { data = 2; });  // RACE
}
