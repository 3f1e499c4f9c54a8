// KIND: data-race
// ACTOR: coroutine
// STACK: Count Work
// Two coroutines of one function, suspended where they were created and resumed by others.
#include <mutex>

#include "../support/coroutine.h"

std::mutex mutex;
int counter;

__attribute__((noinline)) void Count() {
  counter++;  // RACE
}
Detached Work(Parked* at) {
  co_await *at;
  if (!BUG) mutex.lock();
  Count();
  if (!BUG) mutex.unlock();
}

int main() {
  Parked first, second;
  Work(&first);   // MADE
  Work(&second);  // MADE
  InTurn([&] { first.handle.resume(); }, [&] { second.handle.resume(); });
}
