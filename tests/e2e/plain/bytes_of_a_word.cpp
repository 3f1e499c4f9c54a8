// KIND: data-race
// Different bytes of one word do not race; the same byte does.
#include "../support/order.h"
alignas(8) char bytes[8];

int main() {
  InTurn([] { bytes[1] = 1; },  // RACE
         [] {
#if BUG
           bytes[1] = 2;  // RACE
#else
           bytes[2] = 2;
#endif
         });
}
