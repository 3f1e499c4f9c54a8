// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Two fibers of one thread take mutexes in opposite orders, while the thread's other fibers and another
// thread go on.
#include <unistd.h>

#include <atomic>
#include <boost/fiber/all.hpp>
#include <thread>

#include "../support/last_step.h"

namespace fibers = boost::fibers;

fibers::mutex left;
fibers::timed_mutex right;
std::atomic<bool> done;

void LeftFirst() {
  std::lock_guard first(left);  // RACE
  boost::this_fiber::yield();
  std::lock_guard second(right);  // RACE
}

void RightFirst() {
  std::lock_guard first(right);  // RACE
  boost::this_fiber::yield();
  LastStep();
  std::lock_guard second(left);  // RACE
}

int main() {
  std::thread busy([] {
    while (!done) usleep(1000);
  });
  fibers::fiber goes_on([] {
    while (!done) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  });
  fibers::fiber one(LeftFirst);  // MADE
  fibers::fiber two(BUG ? RightFirst : LeftFirst);
  one.join();
  two.join();
  done = true;
  goes_on.join();
  busy.join();
}
