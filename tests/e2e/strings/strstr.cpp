// KIND: data-race
// FLAGS: -fno-builtin
// Reads up to the end of what it finds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 8 : 9] = 'c'; },  // RACE
         [] {
           sink = (long)strstr(text, "sec");  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
