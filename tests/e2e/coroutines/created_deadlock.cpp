// KIND: deadlock
// ACTOR: coroutine
// Coroutines that are resumed by two threads wait for each other's lock.
#include <mutex>

#include "../support/coroutine.h"

std::mutex left, right;

Detached Work(Parked* at, std::mutex* one, std::mutex* other, int before, int after) {
  co_await *at;
  AwaitStep(before);
  one->lock();
  ReachStep(after);
  if (BUG) AwaitStep(2);
  other->lock();  // RACE
  other->unlock();
  one->unlock();
}

int main() {
  Parked first, second;
  Work(&first, &left, &right, 0, 1);                                  // MADE
  Work(&second, BUG ? &right : &left, BUG ? &left : &right, 1, 2);  // MADE
  std::thread a([&] { first.handle.resume(); });
  std::thread b([&] { second.handle.resume(); });
  a.join();
  b.join();
}
