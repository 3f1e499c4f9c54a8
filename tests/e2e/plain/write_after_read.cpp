// KIND: data-race
// A write that is not ordered after a read.
#include "../support/order.h"
int value, other;
int seen;

int main() {
  InTurn([] { seen = value; },  // RACE
         [] {
#if BUG
           value = 1;  // RACE
#else
           other = 1;
#endif
         });
  return seen;
}
