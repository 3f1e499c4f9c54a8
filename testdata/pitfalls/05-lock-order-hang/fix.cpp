// Both accounts are locked at once, in an order that std::scoped_lock sees to.
#include "bank.h"

static void Transfer(Account& from, Account& to, long amount) {
  std::scoped_lock both(from.mutex, to.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() { return Run(Transfer) != 200; }
