// KIND: data-race
// Buffers are accesses of the caller; one that was sent may be used again by whoever got the message.
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../support/order.h"

char buffer[64];

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  InTurn(
      [=] {
        iovec v[2] = {{buffer, 10}, {buffer + 20, 10}};
        if (writev(ends[1], v, 2) != 20) exit(3);  // RACE
      },
      [=] {
        char got[20];
        if (!BUG && read(ends[0], got, 20) != 20) exit(4);
        buffer[25] = 1;  // RACE
      });
}
