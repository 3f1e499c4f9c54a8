// KIND: data-race
// A detached thread gives no order.
#include "../support/order.h"
#include <mutex>
std::mutex mutex;
int value;
volatile int seen;

int main() {
  std::thread([] {
#if !BUG
    std::lock_guard lock(mutex);
#endif
    value = 1;  // RACE
    ReachStep(1);
  }).detach();
  AwaitStep(1);
#if !BUG
  std::lock_guard lock(mutex);
#endif
  seen = value;  // RACE
}
