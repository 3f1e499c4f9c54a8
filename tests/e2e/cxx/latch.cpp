// KIND: data-race
// A latch orders count_down before wait.
#include "../support/order.h"
#include <latch>
std::latch latch(1);
int before, after;
volatile int seen;

int main() {
  std::thread t([] {
    before = 1;
    latch.count_down();
    after = 1;  // RACE
    ReachStep(1);
  });
  latch.wait();
  seen = before;
  AwaitStep(1);
#if BUG
  seen = after;  // RACE
#endif
  t.join();
}
