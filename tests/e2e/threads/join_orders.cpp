// KIND: data-race
// Reading a result before the join instead of after it.
#include "../support/order.h"
int result;
volatile int seen;

int main() {
  std::thread t([] {
    result = 42;  // RACE
    ReachStep(1);
  });
#if BUG
  AwaitStep(1);
  seen = result;  // RACE
  t.join();
#else
  t.join();
  seen = result;
#endif
}
