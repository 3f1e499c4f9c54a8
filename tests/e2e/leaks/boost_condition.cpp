// KIND: goroutine-leak
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A condition that nobody else has any more. Who has been notified and then waits for the mutex, which
// another holds that sleeps, can go on; so can who looks whether it has to wait and sleeps meanwhile.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Condition = fibers::condition_variable;

fibers::mutex mutex;
Hidden<Condition> condition;

void Wait(std::shared_ptr<Condition> ready) {
  std::unique_lock lock(mutex);
  ready->wait(lock);  // RACE
}

void WaitSleeping(std::shared_ptr<Condition> ready) {
  fibers::mutex own;
  std::unique_lock lock(own);
  ready->wait(lock, [] {
    boost::this_fiber::sleep_for(std::chrono::milliseconds(300));
    return true;
  });
}

__attribute__((noinline)) void Forget() {
  auto ready = std::make_shared<Condition>();
  condition = ready.get();
  fibers::fiber(Wait, ready).detach();  // MADE
  fibers::fiber(WaitSleeping, std::make_shared<Condition>()).detach();
  LetOthersRun();
  fibers::fiber([] {
    std::lock_guard lock(mutex);
    boost::this_fiber::sleep_for(std::chrono::milliseconds(300));
  }).detach();
  LetOthersRun();
  if (!BUG) ready->notify_one();
}

int main() {
  const int found = LeaksAmongOthers(Forget, [] {
    if (BUG) condition->notify_one();
  });
  return found != BUG ? 3 : 0;
}
