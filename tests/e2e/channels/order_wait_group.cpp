// KIND: data-race
// What is done before the count is lowered is before the return of the wait; what is done after it is not.
#include "../support/channel.h"

TestWaitGroup group;
int done, late;

int main() {
  group.Add(2);
  auto work = [](int) {
    if (!BUG) __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
    group.Add(-1);
  };
  std::thread a([&] {
    done = 1;
    work(0);
    if (BUG) late = 1;  // RACE
    ReachStep(1);
  });
  std::thread b([&] { work(1); });
  AwaitStep(1);
  group.Wait();
  const int seen = done + late;  // RACE
  a.join();
  b.join();
  return seen == (BUG ? 2 : 3) ? 0 : 3;
}
