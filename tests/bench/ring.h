// A bounded queue of sequence-numbered cells, for any number of threads.
#pragma once

#include <atomic>
#include <vector>

#include "common.h"

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
  struct alignas(64) Cell {
    std::atomic<size_t> sequence;
    uint64_t data[4];
  };

  std::vector<Cell> cells_;
  size_t mask_;
  alignas(64) std::atomic<size_t> push_{0};
  alignas(64) std::atomic<size_t> pop_{0};
};
