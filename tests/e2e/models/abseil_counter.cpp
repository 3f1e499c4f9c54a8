// KIND: data-race
// FLAGS: -labsl_synchronization
// What is done after the count went down is not part of what who waits for it knows.
#include <absl/synchronization/blocking_counter.h>

#include "../support/order.h"

absl::BlockingCounter left(2);
int one, two;

int main() {
  std::thread waiter([] {
    left.Wait();
    AwaitStep(1);
    two += one;  // RACE
  });
  std::thread a([] {
    if (!BUG) one = 1;
    left.DecrementCount();
    if (BUG) one = 1;  // RACE
    ReachStep(1);
  });
  two = 1;
  left.DecrementCount();
  waiter.join();
  a.join();
  return two - 2;
}
