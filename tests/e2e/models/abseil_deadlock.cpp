// KIND: deadlock
// FLAGS: -labsl_synchronization
// Each waits until the other has notified.
#include <absl/synchronization/notification.h>

#include <thread>

absl::Notification first, second;

int main() {
  std::thread other([] {
    if (!BUG) second.Notify();
    first.WaitForNotification();  // RACE
    if (BUG) second.Notify();
  });
  second.WaitForNotification();  // RACE
  first.Notify();
  other.join();
}
