// KIND: data-race
// An exchange with acquire reads what was released.
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
#if BUG
        while (flag.exchange(0, std::memory_order_relaxed) == 0) {}
#else
        while (flag.exchange(0, std::memory_order_acquire) == 0) {}
#endif
        seen = data;  // RACE
      });
}
