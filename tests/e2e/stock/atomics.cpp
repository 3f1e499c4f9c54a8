// KIND: data-race
// STOCK: clang++-22 g++-12
// Orders made by release and acquire, exchanges, and fences around relaxed operations.
#include <atomic>

#include "../support/order.h"

std::atomic<int> flag{0};
std::atomic<long> wide{0};
std::atomic<char> narrow{0};
std::atomic<int> fenced{0};
int one, two, three, four;

__attribute__((noinline)) void Give() {
  one = 1;
  flag.store(1, std::memory_order_release);
  two = 1;
  wide.fetch_add(1, std::memory_order_acq_rel);
  three = 1;
  char expected = 0;
  narrow.compare_exchange_strong(expected, 1, std::memory_order_release);
  four = 1;  // RACE
  std::atomic_thread_fence(std::memory_order_release);
  fenced.store(1, std::memory_order_relaxed);
}

__attribute__((noinline)) int Take() {
  int sum = 0;
  if (flag.load(std::memory_order_acquire) != 0) sum += one;
  if (wide.fetch_or(2) != 0) sum += two;
  char expected = 1;
  if (narrow.compare_exchange_weak(expected, 2)) sum += three;
  while (fenced.load(std::memory_order_relaxed) != 1) {
  }
#if !BUG
  std::atomic_thread_fence(std::memory_order_acquire);
#endif
  return sum + four;  // RACE
}

int main() {
  volatile int sum = 0;
  InTurn([] { Give(); }, [&] { sum = Take(); });
  return sum == 4 ? 0 : 1;
}
