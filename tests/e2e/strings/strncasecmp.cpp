// KIND: data-race
// FLAGS: -fno-builtin
// Reads both up to the difference.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 0 : 3] = 'F'; },  // RACE
         [] {
           sink = (long)strncasecmp(other, text, 5);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
