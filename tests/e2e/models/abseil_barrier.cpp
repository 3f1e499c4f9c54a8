// KIND: data-race
// FLAGS: -labsl_synchronization
#include <absl/synchronization/barrier.h>

#include "../support/order.h"

auto* const barrier = new absl::Barrier(2);
int one, two;

void Meet() {
  if (barrier->Block()) delete barrier;
}

int main() {
  std::thread a([] {
    one = 1;
    Meet();
    if (BUG) two = 1;  // RACE
    ReachStep(1);
  });
  std::thread b([] {
    Meet();
    AwaitStep(1);
    two = one + 1;  // RACE
  });
  a.join();
  b.join();
  return two - 2;
}
