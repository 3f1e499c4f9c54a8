// KIND: waitgroup-misuse
// One Done too many.
#include "../support/channel.h"

TestWaitGroup group;

int main() {
  group.Add(2);
  std::thread worker([] {
    group.Add(-1);
    if (BUG) group.Add(-1);  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  group.Add(-1);  // RACE
  if (!BUG) group.Wait();
  worker.join();
}
