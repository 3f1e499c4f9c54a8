// KIND: coroutine-leak
// A task's handle is let go of while the task waits; the fix destroys it.
#include "../support/coroutine.h"

Parked event;

Task Work() {
  co_await event;  // RACE
  co_return 1;
}

UNSEEN void Run() {
  Task task = Work();  // RACE
  task.Start();
  event.handle = nullptr;
  if (BUG) task.Release();
}

int main() {
  Run();
  WipeStack();
}
