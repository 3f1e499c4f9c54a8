// KIND: data-race
// A coroutine goes on on another thread. What it had kept in its frame is read there, in order only if the
// hand-over makes one.
#include "../support/coroutine.h"

HandOverPoint<BUG> other_thread;
int result;

UNSEEN void Escape(int* at) { __asm__ volatile("" : : "r"(at) : "memory"); }

Task Work() {
  int local[4];
  Escape(local);
  local[2] = 5;  // RACE
  co_await other_thread;
  result = local[2];  // RACE
  co_return 1;
}

int main() {
  Task task = Work();
  std::thread b([] { other_thread.Run(); });
  task.Start();
  b.join();
  return result == 5 && task.Value() == 1 ? 0 : 1;
}
