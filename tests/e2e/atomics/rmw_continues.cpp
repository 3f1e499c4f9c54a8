// KIND: data-race
// A relaxed read-modify-write continues the release sequence; a relaxed store ends it.
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
#if BUG
        flag.store(2, std::memory_order_relaxed);
#else
        flag.fetch_add(1, std::memory_order_relaxed);
#endif
      },
      [] {
        while (flag.load(std::memory_order_acquire) != 2) {}
        seen = data;  // RACE
      });
}
