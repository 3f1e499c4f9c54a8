// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <condition_variable>

#include "pair.h"

std::mutex first, second, mutex;
std::condition_variable condition;
bool ready;

int main() {
  std::thread waiter([] {
    if (!BUG) {
      std::unique_lock lock(mutex);
      condition.wait(lock, [] { return ready; });
    }
    AwaitStep(1);
    TakeBoth(second, first);  // RACE
  });
  TakeBoth(first, second);  // RACE
  {
    std::lock_guard lock(mutex);
    ready = true;
  }
  condition.notify_one();
  ReachStep(1);
  waiter.join();
}
