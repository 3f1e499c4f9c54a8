// KIND: coroutine-leak
// EACH: -DELIDABLE= -DELIDABLE=[[clang::coro_await_elidable]]
// A task waits that may be a part of the frame of the one that awaits it, which has no other owner.
#include "../support/coroutine.h"

Parked event;
int result;

Task Inner() {
  co_await event;
  co_return 5;
}
Task Outer() {
  const int value = co_await Inner();  // RACE
  result = value;
  co_return value + 1;
}

UNSEEN void Run() {
  Task task = Outer();
  task.Start();
  if (!BUG) return event.handle.resume();
  event.handle = nullptr;
  task.Release();
}

int main() {
  Run();
  WipeStack();
  return result == (BUG ? 0 : 5) ? 0 : 1;
}
