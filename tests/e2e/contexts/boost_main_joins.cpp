// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// The main function waits for the end of a fiber with the mutex held that the fiber needs, while another
// fiber goes on. Long waits for the ends of others are no deadlock.
#include <boost/fiber/all.hpp>

#include "../support/last_step.h"

namespace fibers = boost::fibers;

fibers::recursive_mutex mutex;
bool done = false;

void Take() {
  LastStep();
  std::lock_guard lock(mutex);  // RACE
}

void Sleep() { boost::this_fiber::sleep_for(std::chrono::milliseconds(300)); }

int main() {
  fibers::fiber goes_on([] {
    while (!done) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  });
  fibers::fiber([] { fibers::fiber(Sleep).join(); }).join();
  std::unique_lock lock(mutex);  // RACE
  fibers::fiber take(Take);      // MADE
  if (!BUG) fibers::fiber(Sleep).join();
  if (!BUG) lock.unlock();
  take.join();  // RACE
  done = true;
  goes_on.join();
}
