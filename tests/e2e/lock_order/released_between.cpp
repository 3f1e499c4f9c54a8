// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::mutex first, second;

void OneThenOther() {
  std::unique_lock a(first);
  if (!BUG) a.unlock();
  std::lock_guard b(second);  // RACE
}

int main() {
  InTurn(OneThenOther, [] { TakeBoth(second, first); });  // RACE
}
