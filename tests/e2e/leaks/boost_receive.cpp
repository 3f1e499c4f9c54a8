// KIND: goroutine-leak
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Fibers wait for values of a channel that nobody else has any more.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;

std::shared_ptr<Channel> kept;
Hidden<Channel> channel;

void Receive(std::shared_ptr<Channel> values) {
  int value = 0;
  values->pop(value);  // RACE
}

__attribute__((noinline)) void Forget() {
  auto values = std::make_shared<Channel>(2);
  for (int i = 0; i < 3; i++) fibers::fiber(Receive, values).detach();  // MADE
  channel = values.get();
  if (!BUG) kept = values;
  LetOthersRun();
}

int main() {
  if (LeaksAmongOthers(Forget, [] { channel->close(); }) != BUG) return 3;
}
