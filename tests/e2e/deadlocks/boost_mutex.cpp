// KIND: deadlock
// FLAGS: -lboost_thread -lboost_system
// Boost's mutexes in opposite orders, and by boost::lock.
#include <boost/thread/lock_algorithms.hpp>
#include <boost/thread/mutex.hpp>
#include <thread>

#include "../support/last_step.h"

boost::mutex a, b;

void Both(boost::mutex& first, boost::mutex& second, int step) {
  if (BUG) {
    first.lock();  // RACE
    ReachStep(step);
    AwaitStep(2);
    LastStep();
    second.lock();  // RACE
  } else {
    boost::lock(first, second);
  }
  first.unlock();
  second.unlock();
}

int main() {
  std::thread there([] { Both(a, b, 1); });
  if (BUG) AwaitStep(1);
  Both(b, a, 2);
  there.join();
}
