// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
// The two orders are a million acquisitions apart, which nothing but their own locks order.
#include "pair.h"

std::mutex first, second, busy;
int work;

int main() {
  InTurn(
      [] {
        TakeBoth(first, second);  // RACE
        for (int i = 0; i < 500000; i++) {
          std::lock_guard lock(busy);
          __atomic_fetch_add(&work, 1, __ATOMIC_RELAXED);
        }
      },
      [] {
        for (int i = 0; i < 500000; i++) {
          std::lock_guard lock(busy);
          __atomic_fetch_add(&work, 1, __ATOMIC_RELAXED);
        }
        if (BUG) {
          TakeBoth(second, first);  // RACE
        } else {
          TakeBoth(first, second);
        }
      });
}
