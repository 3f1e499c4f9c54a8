// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A fiber joins one that waits for the mutex which it holds, while other fibers and another thread go on. The
// joined one began to run after the join did.
#include <unistd.h>

#include <atomic>
#include <boost/fiber/all.hpp>
#include <thread>

#include "../support/last_step.h"

namespace fibers = boost::fibers;

fibers::mutex mutex;
std::atomic<bool> done;

void Take() {
  LastStep();
  std::lock_guard lock(mutex);  // RACE
}

void TakeAndJoin() {
  std::unique_lock lock(mutex);  // RACE
  fibers::fiber take(Take);      // MADE
  if (!BUG) lock.unlock();
  take.join();  // RACE
}

int main() {
  std::thread busy([] {
    while (!done) usleep(1000);
  });
  fibers::fiber goes_on([] {
    while (!done) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  });
  fibers::fiber(TakeAndJoin).join();
  done = true;
  goes_on.join();
  busy.join();
}
