// KIND: livelock
// OPTIONS: livelock_ms=200
// Locks made of compare-exchange, taken in different orders: who waits runs, so nothing stands still.
#include <atomic>
#include <thread>

#include "../support/order.h"

std::atomic<int> left;
std::atomic<int> right;

void Take(std::atomic<int>& lock) {
  int free = 0;
  while (!lock.compare_exchange_weak(free, 1)) {  // RACE
    free = 0;
    std::this_thread::yield();
  }
}

void Work(std::atomic<int>& first, std::atomic<int>& second, int step) {
  Take(first);
  if (BUG) ReachStep(step);
  if (BUG) AwaitStep(2);
  Take(second);
  second = 0;
  first = 0;
}

int main() {
  std::thread a([] { Work(left, right, 1); });
  if (BUG) AwaitStep(1);
  std::thread b([] { BUG ? Work(right, left, 2) : Work(left, right, 2); });
  a.join();
  b.join();
}
