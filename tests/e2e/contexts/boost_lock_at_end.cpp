// KIND: lock-held-at-exit
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A fiber ends with a mutex of Boost's; one of the C library's it may leave to its thread.
#include <boost/fiber/all.hpp>
#include <mutex>

namespace fibers = boost::fibers;

fibers::mutex& guard = *new fibers::mutex;  // its destructor would refuse
std::mutex of_thread;

void Take() {
  of_thread.lock();
  guard.lock();  // RACE
  if (!BUG) guard.unlock();
}

int main() {
  fibers::fiber(Take).join();  // MADE
  of_thread.unlock();
}
