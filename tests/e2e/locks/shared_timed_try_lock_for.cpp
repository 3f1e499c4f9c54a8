// KIND: data-race
// shared_timed_mutex::try_lock_for orders; TSan does not know it.
#include "../support/order.h"
#include <chrono>
#include <shared_mutex>
std::shared_timed_mutex m;
int value;

static void First() {
  while (!m.try_lock_for(std::chrono::hours(1))) {}
  value = 1;  // RACE
  m.unlock();
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  while (!m.try_lock_for(std::chrono::hours(1))) {}
  value = 2;
  m.unlock();
#endif
}

int main() {
  
  InTurn(First, Second);
}
