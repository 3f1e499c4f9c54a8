// KIND: deadlock
// A value that changes without a notification.
#include <atomic>
#include <thread>

std::atomic<int> state;

int main() {
  std::thread other([] {
    if (!BUG) {
      state = 1;
      state.notify_one();
    }
  });
  other.join();
  state.wait(0);  // RACE
}
