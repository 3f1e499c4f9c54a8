// KIND: deadlock
// A value that changes without a notification.
#include <atomic>
#include <thread>

#include "../support/last_step.h"

std::atomic<int> state;

int main() {
  std::thread other([] {
    if (!BUG) {
      state = 1;
      state.notify_one();
    }
  });
  other.join();
  LastStep();
  state.wait(0);  // RACE
}
