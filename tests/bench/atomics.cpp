// A lock-free bounded queue, filled and drained by two threads.
#include "ring.h"

int main(int argc, char** argv) {
  const long rounds = Scaled(3'000'000, argc, argv);
  Ring ring(1024);
  std::atomic<uint64_t> pushed{0};
  std::atomic<uint64_t> total{0};
  InTwoThreads([&](int thread) {
    uint64_t value = 0;
    uint64_t sum = 0;
    for (long i = 0; i < rounds; i++) {
      while (!ring.Push(static_cast<uint64_t>(i + thread))) {
        if (ring.Pop(&value)) sum += value;
      }
      pushed.fetch_add(1, std::memory_order_relaxed);
      if (ring.Pop(&value)) sum += value;
    }
    while (ring.Pop(&value)) sum += value;
    total.fetch_add(sum);
  });
  uint64_t value = 0;
  while (ring.Pop(&value)) total += value;
  std::printf("%lu %lu\n", total.load(), pushed.load());
}
