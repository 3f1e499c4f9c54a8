// KIND: data-race
// STACK: Increment
// Coroutines of two threads increment a counter.
#include <mutex>

#include "../support/coroutine.h"

std::mutex mutex;
int counter;

Task Increment() {
  if (!BUG) mutex.lock();
  counter++;  // RACE
  if (!BUG) mutex.unlock();
  co_return 1;
}
Task Twice() {
  int sum = 0;
  for (int i = 0; i < 2; i++) sum += co_await Increment();
  co_return sum;
}

void Run() {
  Task task = Twice();
  task.Start();
  if (task.Value() != 2) std::terminate();
}

int main() { InTurn(Run, Run); }
