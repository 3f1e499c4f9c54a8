// KIND: data-race
// atomic::wait orders through the value it reads.
#include "../support/order.h"
#include <atomic>
std::atomic<int> flag;
int before, after;
volatile int seen;

int main() {
  std::thread t([] {
    before = 1;
    flag.store(1, std::memory_order_release);
    flag.notify_one();
    after = 1;  // RACE
    ReachStep(1);
  });
  flag.wait(0, std::memory_order_acquire);
  seen = before;
  AwaitStep(1);
#if BUG
  seen = after;  // RACE
#endif
  t.join();
}
