// KIND: data-race
// WHY: accesses still recorded for these bytes 3 held lock
// All take the lock but one.
#include <mutex>

#include "../support/order.h"

std::mutex mutex;
int value = 0;

void Guarded() {
  std::lock_guard guard(mutex);
  value++;  // RACE
}

int main() {
  std::thread with([] {
    for (int i = 0; i < 3; i++) Guarded();
    ReachStep(1);
    AwaitStep(2);  // what ended threads did is only kept as far as the shadow names it
  });
  std::thread without([] {
    AwaitStep(1);
#if BUG
    value++;  // RACE
#else
    Guarded();
#endif
    ReachStep(2);
  });
  with.join();
  without.join();
}
