// KIND: data-race
// A lock made of an atomic flag.
#include "../support/order.h"
#include <atomic>
std::atomic_flag f = ATOMIC_FLAG_INIT;
int value;

static void First() {
  while (f.test_and_set(std::memory_order_acquire)) {}
  value = 1;  // RACE
  f.clear(std::memory_order_release);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  while (f.test_and_set(std::memory_order_acquire)) {}
  value = 2;
  f.clear(std::memory_order_release);
#endif
}

int main() {
  
  InTurn(First, Second);
}
