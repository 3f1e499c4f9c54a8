// KIND: data-race
// A read that is not ordered after a write.
#include "../support/order.h"
int value, other, seen;

int main() {
  InTurn([] { value = 1; },  // RACE
         [] {
#if BUG
           seen = value;  // RACE
#else
           seen = other;
#endif
         });
  return seen > 1;
}
