// KIND: data-race
// An acquire fence after a relaxed load.
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
        while (flag.load(std::memory_order_relaxed) == 0) {}
#if BUG
        
#else
        std::atomic_thread_fence(std::memory_order_acquire);
#endif
        seen = data;  // RACE
      });
}
