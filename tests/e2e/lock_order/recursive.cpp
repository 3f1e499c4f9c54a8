// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::recursive_mutex first, second;

int main() {
  InTurn([] { TakeBoth(first, second); },
         [] {
#if BUG
           std::lock_guard b(second);  // RACE
           std::lock_guard again(second);
           TakeBoth(first, second);
#else
           // What is held already is not waited for.
           std::lock_guard a(first);
           std::lock_guard b(second);
           TakeBoth(first, second);
#endif
         });
}
