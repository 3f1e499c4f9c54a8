// KIND: waitgroup-misuse
// The member adds itself: Wait may come before. Here it did not.
#include "../support/channel.h"

TestWaitGroup group;

int main() {
  if (!BUG) group.Add(1);
  std::thread worker([] {
    if (BUG) group.Add(1);  // RACE
    ReachStep(1);
    group.Add(-1);
  });
  AwaitStep(1);
  group.Wait();  // RACE
  worker.join();
}
