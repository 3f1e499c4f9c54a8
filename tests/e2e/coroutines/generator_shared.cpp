// KIND: data-race
// Two threads pull one generator.
#include <mutex>

#include "../support/coroutine.h"

std::mutex mutex;

Generator Count() {
  volatile int i = 0;
  for (;;) {
    i = i + 1;  // RACE
    co_yield i;
  }
}

int main() {
  Generator numbers = Count();
  auto pull = [&numbers] {
    if (!BUG) mutex.lock();
    numbers.Next();
    if (!BUG) mutex.unlock();
  };
  InTurn(pull, pull);
  return numbers.Value() == 2 ? 0 : 1;
}
