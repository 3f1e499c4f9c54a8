// KIND: lock-order-inversion
#include <mutex>

#include "../support/order.h"

std::mutex first, second;
int shared;

void Forward() {
  std::lock_guard a(first);
  std::lock_guard b(second);  // RACE
  shared++;
}

void Backward() {
#if BUG
  std::lock_guard b(second);
  std::lock_guard a(first);  // RACE
#else
  std::lock_guard a(first);
  std::lock_guard b(second);
#endif
  shared++;
}

int main() { InTurn(Forward, Backward); }
