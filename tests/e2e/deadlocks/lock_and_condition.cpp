// KIND: deadlock
// One waits for a signal with an outer lock held that the signaller needs.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex outer, inner;
std::condition_variable changed;
bool ready;

int main() {
  std::thread signaller([] {
    AwaitStep(1);
    LastStep();
    std::lock_guard first(outer);  // RACE
    std::lock_guard second(inner);
    ready = true;
    changed.notify_all();
  });
  {
    std::unique_lock first(outer);  // RACE
    std::unique_lock second(inner);
    if (!BUG) first.unlock();
    ReachStep(1);
    LastStep();
    changed.wait(second, [] { return ready; });
  }
  signaller.join();
}
