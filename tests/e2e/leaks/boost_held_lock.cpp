// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// One waits with a lock held for what nobody else has, and others for the lock. They could go on if it could.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;

fibers::mutex mutex;
Hidden<Channel> channel;

void ReceiveLocked(std::shared_ptr<Channel> values) {
  std::unique_lock lock(mutex);
  if (!BUG) lock.unlock();
  values->value_pop();
}
void Lock() {
  std::lock_guard lock(mutex);  // RACE
}

std::shared_ptr<Channel> kept;

__attribute__((noinline)) void Forget() {
  auto values = std::make_shared<Channel>(2);
  channel = values.get();
  if (!BUG) kept = values;
  fibers::fiber(ReceiveLocked, values).detach();
  LetOthersRun();
  fibers::fiber(Lock).detach();  // MADE
}

int main() {
  const int found = LeaksAmongOthers(Forget, [] { channel->push(1); });
  // That the one waits in vain is another finding.
  return found != 2 * BUG ? 3 : 0;
}
