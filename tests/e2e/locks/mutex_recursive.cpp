// KIND: data-race
// A recursive mutex, locked twice.
#include "../support/order.h"
#include <mutex>
std::recursive_mutex m;
int value;

static void First() {
  m.lock(); m.lock(); m.unlock();
  value = 1;  // RACE
  m.unlock();
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  m.lock(); m.lock(); m.unlock();
  value = 2;
  m.unlock();
#endif
}

int main() {
  
  InTurn(First, Second);
}
