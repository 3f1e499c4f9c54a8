// KIND: lock-order-inversion
#include "pair.h"

struct Account {
  std::mutex mutex;
  long balance = 100;
};
Account accounts[2];

void Transfer(Account& from, Account& to, long amount) {
  const bool swap = !BUG && &to < &from;
  std::lock_guard a(swap ? to.mutex : from.mutex);
  std::lock_guard b(swap ? from.mutex : to.mutex);  // RACE
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  InTurn([] { Transfer(accounts[0], accounts[1], 5); },
         [] { Transfer(accounts[1], accounts[0], 7); });
  return accounts[0].balance + accounts[1].balance != 200;
}
