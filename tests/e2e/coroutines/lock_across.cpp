// KIND: unlock-by-other
// A lock is held across a co_await that goes on on another thread.
#include <mutex>

#include "../support/coroutine.h"

std::mutex mutex;
HandOverPoint<false> other_thread;
int value;

Task Work() {
  std::unique_lock lock(mutex);
  value++;
  if (!BUG) lock.unlock();
  co_await other_thread;
  if (lock) lock.unlock();  // RACE
  co_return value;
}

int main() {
  Task task = Work();
  std::thread b([] { other_thread.Run(); });
  task.Start();
  b.join();
}
