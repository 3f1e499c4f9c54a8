// KIND: data-race
// A variable on the creator's stack.
#include "../support/order.h"
int main() {
  int local = 0;
  volatile int seen;
  std::thread t([&] {
    local = 1;  // RACE
    ReachStep(1);
  });
#if !BUG
  t.join();
#endif
  AwaitStep(1);
  seen = local;  // RACE
#if BUG
  t.join();
#endif
  (void)seen;
}
