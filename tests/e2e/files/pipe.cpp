// KIND: data-race
// Writing to a pipe is ordered before reading from it.
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
        if (read(in, &byte, 1) != 1) exit(4);
      },
      [] { data = 2; });  // RACE
}
