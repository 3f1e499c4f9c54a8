// KIND: data-race
// FLAGS: -fno-builtin
// Reads at most so many.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 4 : 5] = 'x'; },  // RACE
         [] {
           sink = (long)strnlen(text, 5);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
