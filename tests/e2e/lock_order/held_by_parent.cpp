// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// The thread's work is done while its parent holds the gate, which the other needs.
#include <thread>

#include "pair.h"

std::mutex gate, first, second;

int main() {
  std::thread other([] {
    AwaitStep(1);
    std::unique_lock g(gate, std::defer_lock);
    if (!BUG) g.lock();
    TakeBoth(second, first);  // RACE
  });
  {
    std::lock_guard g(gate);
    std::thread child([] { TakeBoth(first, second); });  // RACE
    child.join();
  }
  ReachStep(1);
  other.join();
}
