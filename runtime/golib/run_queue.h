// Goroutines that are ready to run, of one worker: the worker puts in and takes out, others steal half.
// A ring without locks, as in Go's scheduler: the head is moved by whoever takes (compare and swap),
// the tail by the owner alone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace csan::inline go_v1::internal {

class Goroutine;

// Linked through Goroutine::next.
struct GoroutineList {
  Goroutine* first = nullptr;
  Goroutine* last = nullptr;
  std::uint32_t count = 0;

  void Push(Goroutine* goroutine);
  Goroutine* Pop();
  void Append(GoroutineList other);
};

class RunQueue {
 public:
  // By the owner. What does not fit is added to `overflow`: half of what was there, and the goroutine.
  void Push(Goroutine* goroutine, GoroutineList& overflow);
  // By the owner; null if empty.
  Goroutine* Pop();
  // By the owner, which has none: takes half of the other's, one of which it gets.
  Goroutine* StealFrom(RunQueue& other);
  // By anyone; true of a moment that may have passed.
  bool Empty() const;

 private:
  static constexpr std::uint32_t kSize = 256;

  std::uint32_t GrabHalf(RunQueue& other, std::uint32_t at);

  alignas(64) std::atomic<std::uint32_t> head_{0};
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  std::array<std::atomic<Goroutine*>, kSize> ring_{};
};

}  // namespace csan::inline go_v1::internal
