// Both locks at once: std::scoped_lock takes them in an order that cannot hang.
#include <cstdio>

#include "bank.h"

static void Transfer(Account& from, Account& to, long amount) {
  std::scoped_lock both(from.mutex, to.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  Account alice(100);
  Account bob(100);
  OneAfterAnother([&] { Transfer(alice, bob, 30); }, [&] { Transfer(bob, alice, 10); });
  std::printf("alice has %ld, bob has %ld\n", alice.balance, bob.balance);
}
