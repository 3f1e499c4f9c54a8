// KIND: deadlock
// Two shared mutexes taken in opposite orders: writers hang, readers do not.
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "../support/last_step.h"

std::shared_mutex a, b;

template <typename Lock>
void Both(std::shared_mutex& first, std::shared_mutex& second, int step) {
  Lock one(first);  // RACE
  ReachStep(step);
  AwaitStep(2);
  LastStep();
  Lock other(second);  // RACE
}

int main() {
  using Lock =
      std::conditional_t<BUG, std::unique_lock<std::shared_mutex>, std::shared_lock<std::shared_mutex>>;
  std::thread there([] { Both<Lock>(a, b, 1); });
  AwaitStep(1);
  Both<Lock>(b, a, 2);
  there.join();
}
