// KIND: coroutine-leak
// Two coroutines lead to each other and to nothing else; the fix resumes one through a pointer from outside.
#include "../support/coroutine.h"

struct Pair {
  Parked first, second;
};

Detached Second(Pair& pair) {
  co_await pair.second;  // RACE
}
Detached First(Parked** outside) {
  Pair pair;
  *outside = &pair.first;
  Second(pair);
  co_await pair.first;  // RACE
  pair.second.handle.resume();
}

UNSEEN void Run() {
  Parked* outside = nullptr;
  First(&outside);
  if (!BUG) outside->handle.resume();
}

int main() {
  Run();
  WipeStack();
}
