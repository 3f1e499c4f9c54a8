// KIND: data-race
// A release fence before a relaxed store; TSan does not know fences.
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
        
#else
        std::atomic_thread_fence(std::memory_order_release);
#endif
        flag.store(1, std::memory_order_relaxed);
      },
      [] {
        while (flag.load(std::memory_order_acquire) == 0) {}
        seen = data;  // RACE
      });
}
