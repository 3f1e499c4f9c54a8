// What is waited for is a variable under the mutex.
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {
std::mutex mutex;
std::condition_variable changed;
bool ready = false;
}  // namespace

int main() {
  std::thread notifier([] {
    {
      std::lock_guard lock(mutex);
      ready = true;
    }
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return ready; });
  }
  notifier.join();
}
