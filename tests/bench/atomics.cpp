// A bounded queue of sequence-numbered cells, filled and drained by two threads.
#include <atomic>
#include <vector>

#include "common.h"

namespace {

struct alignas(64) Cell {
  std::atomic<size_t> sequence;
  uint64_t data[4];
};

class Ring {
 public:
  explicit Ring(size_t size) : cells_(size), mask_(size - 1) {
    for (size_t i = 0; i < size; i++) cells_[i].sequence.store(i, std::memory_order_relaxed);
  }

  [[gnu::noinline]] bool Push(uint64_t value) {
    size_t at = push_.load(std::memory_order_relaxed);
    for (;;) {
      Cell& cell = cells_[at & mask_];
      const long lead = static_cast<long>(cell.sequence.load(std::memory_order_acquire) - at);
      if (lead < 0) return false;
      if (lead > 0) {
        at = push_.load(std::memory_order_relaxed);
      } else if (push_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        for (uint64_t k = 0; k < 4; k++) cell.data[k] = value + k;
        cell.sequence.store(at + 1, std::memory_order_release);
        return true;
      }
    }
  }

  [[gnu::noinline]] bool Pop(uint64_t* value) {
    size_t at = pop_.load(std::memory_order_relaxed);
    for (;;) {
      Cell& cell = cells_[at & mask_];
      const long lead = static_cast<long>(cell.sequence.load(std::memory_order_acquire) - (at + 1));
      if (lead < 0) return false;
      if (lead > 0) {
        at = pop_.load(std::memory_order_relaxed);
      } else if (pop_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        *value = cell.data[0] + cell.data[1] + cell.data[2] + cell.data[3];
        cell.sequence.store(at + mask_ + 1, std::memory_order_release);
        return true;
      }
    }
  }

 private:
  std::vector<Cell> cells_;
  size_t mask_;
  alignas(64) std::atomic<size_t> push_{0};
  alignas(64) std::atomic<size_t> pop_{0};
};

}  // namespace

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
