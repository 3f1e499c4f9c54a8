// KIND: data-race
// Coroutines that live and end within their callers: optimised, their frames are on those callers' stacks.
#include "../support/coroutine.h"

int total;
std::atomic<int> ordered_total;

static Generator Count(int n) {
  for (int i = 1; i <= n; i++) {
    if (BUG) total += i;  // RACE
    co_yield i;
  }
}

static int Sum() {
  int sum = 0;
  Generator numbers = Count(3);
  while (numbers.Next()) sum += numbers.Value();
  ordered_total += sum;
  return sum;
}

int main() {
  auto run = [] {
    if (Sum() != 6) std::terminate();
  };
  InTurn(run, run);
  return ordered_total == 12 ? 0 : 1;
}
