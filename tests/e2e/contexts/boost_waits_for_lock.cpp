// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Everything waits: a fiber for what the one would send that waits for the lock which the first holds, the
// main one for a condition. What waits long and is let go on is no deadlock.
#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

fibers::mutex mutex;
fibers::condition_variable ended;
fibers::unbuffered_channel<int> values;
int left = 2;

void End() {
  if (--left == 0) ended.notify_all();
}

void Get() {
  std::unique_lock lock(mutex);  // RACE
  if (!BUG) lock.unlock();
  values.value_pop();  // RACE
  if (!BUG) lock.lock();
  End();
}

void Send() {
  std::unique_lock lock(mutex);  // RACE
  if (!BUG) boost::this_fiber::sleep_for(std::chrono::milliseconds(700));
  lock.unlock();
  values.push(1);
  lock.lock();
  End();
}

int main() {
  std::unique_lock lock(mutex);
  fibers::fiber get(Get);  // MADE
  fibers::fiber send(Send);
  ended.wait(lock, [] { return left == 0; });  // RACE
  lock.unlock();
  get.join();
  send.join();
}
