// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <thread>

#include "pair.h"

std::mutex first, second;

int main() {
  std::thread one([] {
    TakeBoth(first, second);  // RACE
    ReachStep(1);
  });
  if (!BUG) one.join();
  AwaitStep(1);
  std::thread([] { TakeBoth(second, first); }).join();  // RACE
  if (BUG) one.join();
}
