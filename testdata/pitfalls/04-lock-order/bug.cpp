// KIND: lock-order-inversion
// Transfers between accounts lock the payer first, then the payee. Two transfers in opposite directions take
// the same two locks in opposite orders; here they come one after the other, so this run does not hang.
#include <cstdio>

#include "bank.h"

static void Transfer(Account& from, Account& to, long amount) {
  std::lock_guard payer(from.mutex);
  std::lock_guard payee(to.mutex);  // RACE: both
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  Account alice(100);
  Account bob(100);
  OneAfterAnother([&] { Transfer(alice, bob, 30); }, [&] { Transfer(bob, alice, 10); });
  std::printf("alice has %ld, bob has %ld\n", alice.balance, bob.balance);
}
