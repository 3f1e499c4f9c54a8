// KIND: livelock
// OPTIONS: livelock_ms=300
// Each worker takes its own account's lock, tries the other one's, steps back if it is taken and tries again:
// both in step, for ever.
#include "transfer.h"

void Transfer(Account& from, Account& to, long amount, InStep& in_step) {
  for (;;) {
    std::unique_lock own(from.mutex);  // RACE
    in_step.Wait();
    std::unique_lock other(to.mutex, std::try_to_lock);  // RACE
    in_step.Wait();
    if (!other) continue;
    from.balance -= amount;
    to.balance += amount;
    return;
  }
}

int main() { return Run(Transfer); }
