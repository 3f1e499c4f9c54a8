// Two workers that move money between two accounts, in opposite directions. They begin each attempt
// together: the worst of all chances, which time brings about on real machines.
#pragma once

#include <mutex>
#include <thread>

#include "../../../tests/e2e/support/order.h"

struct Account {
  std::mutex mutex;
  long balance = 100;
};

// Lets both workers go on once both have come here.
class InStep {
 public:
  UNSEEN void Wait() {
    const int turn = __atomic_add_fetch(&arrived_, 1, __ATOMIC_ACQ_REL);
    const int all = (turn + 1) / 2 * 2;
    while (__atomic_load_n(&arrived_, __ATOMIC_ACQUIRE) < all) sched_yield();
  }

 private:
  int arrived_ = 0;
};

// `Transfer(from, to, amount, in_step)` moves the money.
template <typename Transfer>
int Run(Transfer transfer) {
  Account left;
  Account right;
  InStep in_step;
  std::thread one([&] { transfer(left, right, 10, in_step); });
  std::thread two([&] { transfer(right, left, 20, in_step); });
  one.join();
  two.join();
  return left.balance == 110 ? 0 : 1;
}
