// KIND: data-race
// FLAGS: -labsl_synchronization
// Debian's Abseil is not instrumented: its model says what a notification orders, which is nothing that comes
// after it.
#include <absl/synchronization/notification.h>

#include "../support/order.h"

absl::Notification done, timed;
int data, beside;

int main() {
  InTurn(
      [] {
        data = 1;
        if (!BUG) beside = 1;
        done.Notify();
        if (BUG) beside = 1;  // RACE
        timed.Notify();
      },
      [] {
        done.WaitForNotification();
        data++;
        if (BUG) beside++;  // RACE
        if (!timed.WaitForNotificationWithTimeout(absl::Seconds(60)) || !timed.HasBeenNotified())
          __builtin_trap();
        beside++;
      });
  return data - 2;
}
