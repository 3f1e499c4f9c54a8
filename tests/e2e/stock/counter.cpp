// KIND: data-race
// STOCK: clang++-22 g++-12
// STACK: Count Work
// An access is checked, and its stack is made by the calls that enter and leave functions.
#include <mutex>

#include "../support/order.h"

std::mutex mutex;
int counter;

__attribute__((noinline)) void Count() {
#if !BUG
  std::lock_guard<std::mutex> guard(mutex);
#endif
  counter++;  // RACE
}
__attribute__((noinline)) void Work() {
  for (volatile int i = 0; i < 1000; i = i + 1) Count();
}

int main() {
  InTurn([] { Work(); }, [] { Work(); });
}
