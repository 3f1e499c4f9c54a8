// KIND: data-race
// The main thread is alone once another has been joined, and releases go on within an epoch: what it does
// later, with a thread again, is not ordered by what it released before.
#include "../support/order.h"
#include <atomic>
#include <thread>
std::atomic<int> flag;
int data;
volatile int seen;

int main() {
  std::thread([] { flag.store(1, std::memory_order_release); }).join();
  flag.store(2, std::memory_order_release);
  data = 1;
  flag.store(3, std::memory_order_release);
  data = 2;
  InTurn(
      [] {
        data = 3;  // RACE
#if !BUG
        flag.store(4, std::memory_order_release);
#endif
      },
      [] {
        if (flag.load(std::memory_order_acquire) >= 3) seen = data;  // RACE
      });
}
