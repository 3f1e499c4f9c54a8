// KIND: coroutine-leak
// EACH: -DELIDABLE= -DELIDABLE=[[clang::coro_await_elidable]]
// A coroutine ends the program; those that wait for it run, in a way. One that waits for nobody does not.
#include <cstdlib>
#include <memory>

#include "../support/coroutine.h"

Detached Lost(Parked* at) {
  co_await *at;  // RACE
}
Task Ends(int code) {
  WipeStack();
  std::exit(code);
  co_return 0;
}
Task Outer(int code) {
  co_await Ends(code);
  co_return 0;
}
Task Main(int code) {
  co_await Outer(code);
  co_return 0;
}

UNSEEN void Lose() {
  if (BUG) Lost(std::make_unique<Parked>().get());
}

int main() {
  Lose();
  Task task = Main(0);
  task.Release().resume();
}
