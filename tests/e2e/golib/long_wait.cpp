// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// STACK: Middle Outer Outermost
// Two goroutines wait while thousands of others begin to, until little is kept of them. When one goes on
// it is in the same calls, exceptions find their way, and both know what they knew.
#include <csan/go.h>

#include <cstdlib>

#include "../support/order.h"

constexpr int kMany = 6000;
long counter, set_before;

using Signal = csan::Chan<int>;

[[gnu::noinline]] int Inner(Signal stop) {
  stop.Receive();
  if (set_before == 7) throw 1;
  return 0;
}

[[gnu::noinline]] int Middle(Signal stop, Signal told) {
  int caught = 0;
  try {
    caught = Inner(stop);
  } catch (int thrown) {
    caught = thrown;
  }
  if (!BUG) told.Receive();
  counter++;  // RACE
  return caught;
}

[[gnu::noinline]] int Outer(Signal stop, Signal told) {
  const int caught = Middle(stop, told);
  return caught + 1;
}

[[gnu::noinline]] int Outermost(Signal stop, Signal told) {
  const int caught = Outer(stop, told);
  return caught + 1;
}

int main() {
  const auto stop = csan::MakeChan<int>();
  const auto told = csan::MakeChan<int>(1);
  csan::WaitGroup waiting, ended;
  set_before = 7;
  ended.Add(1);
  csan::go([=, &ended] {
    ReachStep(1);
    if (Outermost(stop, told) != 3) std::abort();
    ended.Done();
  });
  AwaitStep(1);
  csan::go([=] {
    counter++;  // RACE
    if (!BUG) told.Send(1);
    ReachStep(2);
    stop.Receive();
  });
  AwaitStep(2);
  waiting.Add(kMany);
  for (int i = 0; i < kMany; i++) {
    csan::go([=, &waiting] {
      waiting.Done();
      stop.Receive();
    });
  }
  waiting.Wait();
  stop.Close();
  ended.Wait();
}
