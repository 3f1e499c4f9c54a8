// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A fiber waits for the end of one that has been forgotten. The clean one's end comes once it has slept.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;

Hidden<Channel> channel;

void Receive(std::shared_ptr<Channel> values) {
  if (BUG) values->value_pop();
  if (!BUG) boost::this_fiber::sleep_for(std::chrono::milliseconds(300));
}
void Join(std::shared_ptr<Channel> values) {
  fibers::fiber receive(Receive, std::move(values));
  receive.join();  // RACE
}

__attribute__((noinline)) void Forget() {
  auto values = std::make_shared<Channel>(2);
  channel = values.get();
  fibers::fiber(Join, std::move(values)).detach();  // MADE
}

int main() {
  const int found = LeaksAmongOthers(Forget, [] {
    if (BUG) channel->push(1);
  });
  return found != 2 * BUG ? 3 : 0;
}
