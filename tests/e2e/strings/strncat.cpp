// KIND: data-race
// FLAGS: -fno-builtin
// Writes what it adds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/order.h"

volatile long sink;
char text[32] = "first second";
char other[32] = "other";

int main() {
  InTurn([] { text[BUG ? 14 : 20] = 'x'; },  // RACE
         [] {
           strncat(text, other, 3);  // RACE
           __asm__ volatile("");  // not the last call: who calls must be this file
         });
}
