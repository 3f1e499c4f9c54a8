// KIND: data-race
// FLAGS: -fno-builtin
// Writes the elements.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int Compare(const void* a, const void* b) {
  return *static_cast<const char*>(a) - *static_cast<const char*>(b);  // RACE
}

int main() {
  InTurn([] { text[BUG ? 2 : 13] = 'x'; },  // RACE
         [] {
           qsort(text, 12, 1, Compare);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
