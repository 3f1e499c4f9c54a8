// KIND: data-race
// FLAGS: -fno-builtin
// Writes the result with its end.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 3 : 4] = 'x'; },  // RACE
         [] {
           snprintf(text, sizeof(text), "%d", 123);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
