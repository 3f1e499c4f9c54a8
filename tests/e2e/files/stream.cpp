// KIND: data-race
// A stream orders through its descriptor.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 2;
  FILE* const in = fdopen(ends[0], "r");
  FILE* const out = fdopen(ends[1], "w");
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        fputs("line\n", out);
        fflush(out);
      },
      [=] {
        if (char text[10]; fgets(text, sizeof(text), in) == nullptr) exit(4);
      },
      [] { data = 2; });  // RACE
}
