// KIND: data-race
// One coroutine goes to and fro between two threads, each time in order; a counter that it writes on both is
// one actor's, whatever the thread. The bug looks at it from outside.
#include "../support/coroutine.h"

HandOverPoint<false> there, back;
int counter;
volatile int seen;
constexpr int kRounds = 1000;

Task Work() {
  for (int i = 0; i < kRounds; i++) {
    counter++;
    co_await there;
    counter++;  // RACE
    if (i + 1 < kRounds) co_await back;
  }
  ReachStep(1);
  co_return counter;
}

int main() {
  Task task = Work();
  std::thread b([] {
    for (int i = 0; i < kRounds; i++) there.Run();
  });
  std::thread outside([] {
    AwaitStep(1);
    if (BUG) seen = counter;  // RACE
  });
  task.Start();
  for (int i = 0; i + 1 < kRounds; i++) back.Run();
  b.join();
  outside.join();
  return task.Value() == 2 * kRounds ? 0 : 1;
}
