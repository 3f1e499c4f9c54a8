// KIND: lock-held-at-exit
// A thread that returns early without unlocking.
#include <mutex>
#include <thread>

std::mutex mutex;
bool failed = true;

int main() {
  std::thread worker([] {
    mutex.lock();  // RACE
    if (BUG && failed) return;
    mutex.unlock();
  });
  worker.join();
}
