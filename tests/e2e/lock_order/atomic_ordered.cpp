// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <atomic>

#include "pair.h"

std::mutex first, second;
std::atomic<bool> ready;

int main() {
  std::thread other([] {
    while (!BUG && !ready.load(std::memory_order_acquire)) sched_yield();
    AwaitStep(1);
    TakeBoth(second, first);  // RACE
  });
  TakeBoth(first, second);  // RACE
  ready.store(true, std::memory_order_release);
  ReachStep(1);
  other.join();
}
