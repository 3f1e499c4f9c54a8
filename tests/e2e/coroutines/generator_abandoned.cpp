// KIND: coroutine-leak
// A generator is abandoned after two values: destroyed in the middle of its loop, or forgotten there.
#include "../support/coroutine.h"

Generator Count() {
  for (int i = 0;; i++) {
    co_yield i;  // RACE
  }
}

UNSEEN int Run() {
  Generator numbers = Count();
  numbers.Next();
  numbers.Next();
  const int value = numbers.Value();
  if (BUG) numbers.Release();
  return value;
}

int main() {
  const int value = Run();
  WipeStack();
  return value == 1 ? 0 : 1;
}
