// KIND: data-race
// Fences on both sides around relaxed accesses.
#include "../support/order.h"
#include <atomic>
std::atomic<int> flag;
int data;
volatile int seen;

int main() {
  InTurn(
      [] {
        data = 1;  // RACE
        std::atomic_thread_fence(std::memory_order_seq_cst);
        flag.store(1, std::memory_order_relaxed);
      },
      [] {
        while (flag.load(std::memory_order_relaxed) == 0) {}
#if BUG
        
#else
        std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
        seen = data;  // RACE
      });
}
