// KIND: data-race
// Message passing needs release and acquire.
#include "../support/order.h"
#include <atomic>
std::atomic<int> flag;
int data;
volatile int seen;

int main() {
  InTurn(
      [] {
        data = 1;  // RACE
#if BUG
        flag.store(1, std::memory_order_relaxed);
#else
        flag.store(1, std::memory_order_release);
#endif
      },
      [] {
        while (flag.load(std::memory_order_acquire) == 0) {}
        seen = data;  // RACE
      });
}
