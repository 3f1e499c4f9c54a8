// KIND: waitgroup-misuse
// Wait came first and returned at once. In the twin it is the second use, after all that wait have returned.
#include "../support/channel.h"

TestWaitGroup group;

int main() {
  std::thread waiter([] {
    group.Wait();  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  if (!BUG) waiter.join();
  group.Add(1);  // RACE
  group.Add(1);
  std::thread member([] { group.Add(-1); });
  group.Add(-1);
  group.Wait();
  member.join();
  if (BUG) waiter.join();
}
