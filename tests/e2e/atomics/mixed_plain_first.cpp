// KIND: data-race
// An atomic access after an unordered plain one.
#include "../support/order.h"
long value, other;

int main() {
  InTurn([] { value = 1; },  // RACE
         [] {
#if BUG
           __atomic_fetch_add(&value, 1, __ATOMIC_SEQ_CST);  // RACE
#else
           __atomic_fetch_add(&other, 1, __ATOMIC_SEQ_CST);
#endif
         });
}
