// KIND: data-race
// std::barrier orders its phases.
#include "../support/order.h"
#include <barrier>
std::barrier<> barrier(2);
int before, after;
volatile int seen;

int main() {
  std::thread a([] {
    before = 1;
    barrier.arrive_and_wait();
    after = 1;  // RACE
    ReachStep(1);
  });
  std::thread b([] {
    barrier.arrive_and_wait();
    seen = before;
    AwaitStep(1);
#if BUG
    seen = after;  // RACE
#endif
  });
  a.join();
  b.join();
}
