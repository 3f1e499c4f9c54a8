// KIND: data-race
// An exception leaves a coroutine on one thread and is caught on another, in the one that awaits it.
#include "../support/coroutine.h"

HandOverPoint<BUG> other_thread;
struct Error {
  int code;
};
int written;

Task Fails() {
  written = 7;  // RACE
  co_await other_thread;
  throw Error{written};  // RACE
}
Task Catches() {
  try {
    co_await Fails();
  } catch (const Error& error) {
    co_return error.code;
  }
  co_return 0;
}

int main() {
  Task task = Catches();
  std::thread b([] { other_thread.Run(); });
  task.Start();
  b.join();
  return task.Value() == 7 ? 0 : 1;
}
