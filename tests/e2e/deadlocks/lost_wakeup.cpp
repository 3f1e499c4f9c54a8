// KIND: lost-wakeup
// The signal came before the wait, and no condition was looked at.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex mutex;
std::condition_variable changed;
bool ready;

int main() {
  std::thread waiter([] {
    if (BUG) AwaitStep(1);
    std::unique_lock lock(mutex);
    LastStep();
    if (BUG) {
      changed.wait(lock);  // RACE
    } else {
      changed.wait(lock, [] { return ready; });
    }
  });
  {
    std::lock_guard lock(mutex);
    ready = true;
  }
  changed.notify_all();  // RACE
  ReachStep(1);
  LastStep();
  waiter.join();
}
