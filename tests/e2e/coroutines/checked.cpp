// KIND: coroutine-leak
// Asked for in the middle of the program, which counts the findings: a hundred alike are one.
#include <memory>
#include <vector>

#include <csan/annotate.h>

#include "../support/coroutine.h"

Task Inner(Parked* at) {
  co_await *at;  // RACE
  co_return 1;
}
Detached Outer(Parked* at, int* sum) {
  *sum += co_await Inner(at);  // RACE
}

UNSEEN void Run(std::vector<Parked>* kept, int* sum) {
  std::vector<Parked> lost(100);
  for (Parked& parked : BUG ? lost : *kept) Outer(&parked, sum);
}

int main() {
  std::vector<Parked> kept(100);
  int sum = 0;
  Run(&kept, &sum);
  WipeStack();
  if (csan_check_leaks() != BUG) return 3;
  for (Parked& parked : kept) {
    if (!BUG) parked.handle.resume();
  }
  return sum == (BUG ? 0 : 100) ? 0 : 1;
}
