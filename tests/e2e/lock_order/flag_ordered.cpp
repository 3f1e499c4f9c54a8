// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// Who finds the flag set knows that the other has done its part: though only locks order the two.
#include "pair.h"

std::mutex first, second, mutex;
bool ready;

bool IsReady() {
  std::lock_guard lock(mutex);
  return ready;
}

int main() {
  InTurn(
      [] {
        TakeBoth(first, second);  // RACE
        std::lock_guard lock(mutex);
        ready = true;
      },
      [] {
        if (BUG || IsReady()) TakeBoth(second, first);  // RACE
      });
  return together != 2;
}
