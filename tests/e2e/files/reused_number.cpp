// KIND: data-race
// A number that is closed and used again orders nothing with what it was.
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  int other[2];
  if (pipe(ends) != 0 || pipe(other) != 0 || write(other[1], "y", 1) != 1) return 2;
  InTurn(
      [=] {
        data = 1;  // RACE
        if (write(ends[1], "x", 1) != 1) exit(3);
        if (BUG && dup2(other[0], ends[0]) < 0) exit(4);
      },
      [=] {
        if (read(ends[0], &byte, 1) != 1) exit(5);
        data = 2;  // RACE
      });
}
