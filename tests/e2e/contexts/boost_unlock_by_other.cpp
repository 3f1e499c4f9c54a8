// KIND: unlock-by-other
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A fiber gives back what another one of its thread holds; fibers that move from thread to thread give back
// what they have taken elsewhere, once for each time.
#include <atomic>
#include <boost/fiber/all.hpp>
#include <thread>

namespace fibers = boost::fibers;

fibers::mutex mutex, held;
fibers::recursive_mutex nested;
fibers::condition_variable_any ended;
std::atomic<bool> taken, tried;
bool done;

void Take() {
  held.lock();  // RACE
  taken = true;
  while (!tried) boost::this_fiber::yield();
  held.unlock();
}
void GiveBack() {
  while (!taken) boost::this_fiber::yield();
  try {
    held.unlock();  // RACE
    __builtin_trap();
  } catch (const fibers::lock_error&) {
  }
}

void Move() {
  for (int i = 0; i < 20; i++) {
    std::scoped_lock all(nested, mutex);
    nested.lock();
    boost::this_fiber::yield();
    nested.unlock();
    boost::this_fiber::yield();
  }
}

void Steal() {
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  std::unique_lock lock(mutex);
  ended.wait(lock, [] { return done; });
}

int main() {
  std::thread other(Steal);
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  fibers::fiber movers[] = {fibers::fiber(Move), fibers::fiber(Move), fibers::fiber(Move)};
  for (fibers::fiber& one : movers) one.join();
  fibers::fiber takes(Take);  // MADE
  if (BUG) fibers::fiber(GiveBack).join();
  tried = true;
  takes.join();
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  ended.notify_all();
  other.join();
}
