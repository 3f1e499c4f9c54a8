// KIND: deadlock
// Two transfers in opposite directions lock the same two accounts, each its own source first.
#include "bank.h"

static Meeting both_have_one;

static void Transfer(Account& from, Account& to, long amount) {
  std::lock_guard source(from.mutex);  // RACE: taken here
  both_have_one.Meet(2);
  std::lock_guard target(to.mutex);  // RACE: waited for here
  from.balance -= amount;
  to.balance += amount;
}

int main() { return Run(Transfer) != 200; }
