// The same, but both locks are taken in one go.
#include "transfer.h"

void Transfer(Account& from, Account& to, long amount, InStep& in_step) {
  in_step.Wait();
  std::scoped_lock both(from.mutex, to.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() { return Run(Transfer); }
