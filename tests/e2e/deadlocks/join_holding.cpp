// KIND: deadlock
// Joins a thread while holding the lock that it needs to end.
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex mutex;

int main() {
  std::unique_lock lock(mutex);  // RACE
  std::thread worker([] {
    LastStep();
    std::lock_guard mine(mutex);  // RACE
  });
  if (!BUG) lock.unlock();
  LastStep();
  worker.join();
}
