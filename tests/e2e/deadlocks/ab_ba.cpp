// KIND: deadlock
// Each thread holds what the other wants.
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex a, b;

int main() {
  std::thread other([] {
    std::lock_guard first(BUG ? b : a);  // RACE
    if (BUG) ReachStep(1);
    if (BUG) AwaitStep(2);
    LastStep();
    std::lock_guard second(BUG ? a : b);  // RACE
  });
  {
    std::lock_guard first(a);  // RACE
    if (BUG) AwaitStep(1);
    if (BUG) ReachStep(2);
    LastStep();
    std::lock_guard second(b);  // RACE
  }
  other.join();
}
