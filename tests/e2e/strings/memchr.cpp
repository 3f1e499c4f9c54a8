// KIND: data-race
// FLAGS: -fno-builtin
// Reads up to what it finds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 3 : 8] = 'x'; },  // RACE
         [] {
           sink = (long)memchr(text, 't', 12);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
