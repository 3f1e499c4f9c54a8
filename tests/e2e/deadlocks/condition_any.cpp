// KIND: deadlock
// The queue is closed without telling the worker that waits for more.
#include <condition_variable>
#include <deque>
#include <shared_mutex>
#include <thread>

#include "../support/order.h"

std::shared_mutex mutex;
std::condition_variable_any changed;
std::deque<int> queue;
bool closed;

int main() {
  std::thread worker([] {
    std::unique_lock lock(mutex);
    ReachStep(1);
    while (!closed || !queue.empty()) {
      changed.wait(lock, [] { return closed || !queue.empty(); });  // RACE
      if (!queue.empty()) queue.pop_front();
    }
  });
  AwaitStep(1);  // the first notification is seen
  for (int i = 0; i < 10; i++) {
    {
      std::lock_guard lock(mutex);
      queue.push_back(i);
    }
    changed.notify_one();
  }
  if (!BUG) {
    {
      std::lock_guard lock(mutex);
      closed = true;
    }
    changed.notify_one();
  }
  worker.join();
}
