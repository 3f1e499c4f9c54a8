// KIND: coroutine-leak
// WHY: it has ended
// A task has ended, and its frame waits to be destroyed by somebody who no longer exists.
#include "../support/coroutine.h"

Task Work() {  // RACE
  co_return 1;
}

UNSEEN int Run() {
  Task task = Work();
  task.Start();
  const int value = task.Value();
  if (BUG) task.Release();
  return value;
}

int main() {
  const int value = Run();
  WipeStack();
  return value == 1 ? 0 : 1;
}
