// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Far more goroutines than there are slots take turns on the same threads, each stepping through a part
// of its own from the same instructions. Of two that share a counter both places are named.
#include <csan/go.h>

#include "../support/order.h"

constexpr int kMany = 1000, kPart = 64;
long parts[kMany][kPart];
long counter;

void Work(int number) {
  for (int i = 0; i < kPart; i++) {
    parts[number][i] += i;
    if (i % 16 == 7) csan::Yield();
  }
}

int main() {
  const auto stop = csan::MakeChan<int>();
  const auto told = csan::MakeChan<int>(1);
  csan::WaitGroup worked, ended;
  csan::go([=] {
    Work(0);
    counter++;  // RACE
    if (!BUG) told.Send(1);
    ReachStep(1);
    stop.Receive();
  });
  AwaitStep(1);
  for (int i = 1; i < kMany; i++) {
    worked.Add(1);
    csan::go([=, &worked] {
      Work(i);
      worked.Done();
      stop.Receive();
    });
  }
  worked.Wait();
  ended.Add(1);
  csan::go([=, &ended] {
    if (!BUG) told.Receive();
    counter++;  // RACE
    ended.Done();
  });
  ended.Wait();
  stop.Close();
}
