// KIND: data-race
// Two unordered writes of one char; clean: one each.
#include "../support/order.h"
char value[2];

int main() {
  InTurn([] { value[0] = 1; },  // RACE
         [] {
#if BUG
           value[0] = 2;  // RACE
#else
           value[1] = 2;
#endif
         });
}
