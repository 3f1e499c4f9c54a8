// KIND: deadlock
// Recursive mutexes help their holder, not two threads that take two of them in opposite orders.
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::recursive_mutex a, b;

int main() {
  std::thread other([] {
    std::lock_guard first(BUG ? b : a);  // RACE
    std::lock_guard again(BUG ? b : a);
    if (BUG) ReachStep(1);
    if (BUG) AwaitStep(2);
    LastStep();
    std::lock_guard second(BUG ? a : b);  // RACE
  });
  {
    std::lock_guard first(a);  // RACE
    std::lock_guard again(a);
    if (BUG) AwaitStep(1);
    if (BUG) ReachStep(2);
    LastStep();
    std::lock_guard second(b);  // RACE
  }
  other.join();
}
