// KIND: deadlock
// A task waits, with a lock held, for another one that needs the lock.
#include <future>
#include <mutex>

std::mutex mutex;

int main() {
  std::unique_lock lock(mutex);  // RACE
  std::future<int> answer = std::async(std::launch::async, [] {
    std::lock_guard mine(mutex);  // RACE
    return 42;
  });
  if (!BUG) lock.unlock();
  const int got = answer.get();
  return got - 42;
}
