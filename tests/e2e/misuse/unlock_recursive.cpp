// KIND: lock-held-at-exit
// A recursive mutex unlocked once less than it was locked.
#include <mutex>
#include <thread>

std::recursive_mutex mutex;

int main() {
  std::thread worker([] {
    mutex.lock();  // RACE
    mutex.lock();
    mutex.unlock();
    if (!BUG) mutex.unlock();
  });
  worker.join();
}
