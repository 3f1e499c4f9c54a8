// KIND: lock-order-inversion
// EACH: -DLOCKS=3 -DLOCKS=4 -DLOCKS=5 -DLOCKS=10
#include <mutex>

#include "several.h"

constexpr int kLocks = LOCKS;
std::mutex locks[kLocks];
int done;

void Both(int one, int other) {
  std::lock_guard a(locks[one]);  // RACE
  std::lock_guard b(locks[other]);  // RACE
  __atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
}

int main() {
  EachInTurn(kLocks, [](int i) {
    const int next = (i + 1) % kLocks;
    // The clean twin's last thread takes its two locks in the order of their numbers.
    BUG || next != 0 ? Both(i, next) : Both(next, i);
  });
  return done != kLocks;
}
