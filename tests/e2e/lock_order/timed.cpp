// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <chrono>

#include "pair.h"

std::timed_mutex first, second;

int main() {
  InTurn([] { TakeBoth(first, second); },  // RACE
         [] {
           std::lock_guard b(second);
           if (BUG) {
             first.lock();  // RACE
           } else if (!first.try_lock_for(std::chrono::seconds(1))) {
             return;
           }
           first.unlock();
         });
}
