// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// Threads that come and go: the two that matter are among many, and far apart.
#include <thread>

#include "pair.h"

std::mutex first, second, other;

void Come() {
  for (int i = 0; i < 300; i++) {
    std::thread([] { TakeBoth(first, other); }).join();
  }
}

int main() {
  std::thread one([] {
    TakeBoth(first, second);  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  std::thread two([] {
    AwaitStep(2);
    if (BUG) {
      TakeBoth(second, first);  // RACE
    } else {
      TakeBoth(first, second);
    }
  });
  Come();
  ReachStep(2);
  one.join();
  two.join();
}
