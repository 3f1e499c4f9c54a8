// KIND: data-race
// A future orders its result; a flag beside it does not.
#include "../support/order.h"
#include <future>
int value;
volatile int seen;

int main() {
  std::promise<void> promise;
  std::future<void> future = promise.get_future();
  std::thread t([&] {
    value = 1;  // RACE
    promise.set_value();
    ReachStep(1);
  });
#if BUG
  AwaitStep(1);
  seen = value;  // RACE
#endif
  future.wait();
  future.get();
  seen = value;
  t.join();
}
