// KIND: data-race
// The same for the main thread itself: nothing but a release orders what it did after it made the other.
#include "../support/order.h"
#include <atomic>
#include <thread>
std::atomic<int> flag;
int data;
volatile int seen;

int main() {
  std::thread([] { flag.store(1, std::memory_order_release); }).join();
  flag.store(2, std::memory_order_release);
  data = 1;
  flag.store(3, std::memory_order_release);
  std::thread other([] {
    AwaitStep(1);
    if (flag.load(std::memory_order_acquire) >= 3) seen = data;  // RACE
  });
  data = 2;  // RACE
#if !BUG
  flag.store(4, std::memory_order_release);
#endif
  ReachStep(1);
  other.join();
}
