// KIND: deadlock
// Opposite orders, where the second lock is given up after a while: nobody hangs for ever.
#include <chrono>
#include <mutex>
#include <thread>

#include "../support/order.h"

std::timed_mutex a, b;

void Both(std::timed_mutex& first, std::timed_mutex& second, int step) {
  std::lock_guard one(first);  // RACE
  ReachStep(step);
  AwaitStep(2);
  if (BUG) {
    std::lock_guard other(second);  // RACE
  } else if (second.try_lock_for(std::chrono::milliseconds(700))) {
    second.unlock();
  }
}

int main() {
  std::thread there([] { Both(a, b, 1); });
  AwaitStep(1);
  Both(b, a, 2);
  there.join();
}
