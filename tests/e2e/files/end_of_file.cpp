// KIND: data-race
// Closing the last writing end of a pipe is ordered before the end of the file; numbers are duplicates.

#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  const int in = dup(ends[0]), out = dup2(ends[1], 100);
  close(ends[0]);
  close(ends[1]);
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        close(out);
      },
      [=] {
        if (read(in, &byte, 1) != 0) exit(4);
      },
      [] { data = 2; });  // RACE
}
