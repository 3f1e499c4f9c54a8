// All transfers lock the account with the smaller number first: one global order.
#include <cstdio>

#include "bank.h"

static void Transfer(Account& from, Account& to, long amount) {
  Account& first = from.number < to.number ? from : to;
  Account& second = from.number < to.number ? to : from;
  std::lock_guard one(first.mutex);
  std::lock_guard two(second.mutex);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  Account alice(100);
  Account bob(100);
  OneAfterAnother([&] { Transfer(alice, bob, 30); }, [&] { Transfer(bob, alice, 10); });
  std::printf("alice has %ld, bob has %ld\n", alice.balance, bob.balance);
}
