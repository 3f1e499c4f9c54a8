// KIND: livelock
// OPTIONS: livelock_ms=200
// As exchange.cpp, with test-and-set; the other twin waits for long, but for one who gets on.
#include <unistd.h>

#include <atomic>
#include <thread>

#include "../support/order.h"

std::atomic_flag left;
std::atomic_flag right;

void Take(std::atomic_flag& lock) {
  while (lock.test_and_set()) std::this_thread::yield();  // RACE
}

int main() {
  std::thread a([] {
    Take(left);
    ReachStep(1);
    AwaitStep(2);
    if (BUG) Take(right);
    if (!BUG) usleep(600000);
    left.clear();
  });
  AwaitStep(1);
  Take(right);
  ReachStep(2);
  Take(left);
  left.clear();
  right.clear();
  a.join();
}
