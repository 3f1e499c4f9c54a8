// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// Who only tries does not wait; what it got is held all the same.
#include "pair.h"

std::mutex first, second;

int main() {
  InTurn([] { TakeBoth(first, second); },  // RACE
         [] {
#if BUG
           if (!second.try_lock()) return;
           std::lock_guard a(first);  // RACE
#else
           std::lock_guard b(second);
           if (!first.try_lock()) return;
           first.unlock();
           return;
#endif
           second.unlock();
         });
}
