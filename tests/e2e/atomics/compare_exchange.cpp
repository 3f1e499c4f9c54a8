// KIND: data-race
// A failed compare-exchange has its own order.
#include "../support/order.h"
#include <atomic>
std::atomic<int> flag;
int data;
volatile int seen;

int main() {
  InTurn(
      [] {
        data = 1;  // RACE
        flag.store(1, std::memory_order_release);
      },
      [] {
        int expected = 5;
#if BUG
        flag.compare_exchange_strong(expected, 6, std::memory_order_acq_rel, std::memory_order_relaxed);
#else
        flag.compare_exchange_strong(expected, 6, std::memory_order_acq_rel, std::memory_order_acquire);
#endif
        seen = data;  // RACE
      });
}
