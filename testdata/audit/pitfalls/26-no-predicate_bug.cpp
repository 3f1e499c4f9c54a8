// FINDING: wait-without-predicate
// A notification before the wait is lost.
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {
std::mutex mutex;
std::condition_variable changed;
}  // namespace

int main() {
  std::thread notifier([] { changed.notify_one(); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock);
  }
  notifier.join();
}
