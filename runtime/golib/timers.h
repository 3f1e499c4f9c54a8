// What is to happen at a time: a pairing heap, served by one thread that begins with the first timer. The
// heap is in the timers themselves: adding allocates nothing, and costs O(1); removing O(log n) on average.
#pragma once

#include <atomic>
#include <cstdint>

#include "futex.h"

namespace csan::inline go_v1::internal {

// Must not be moved or destroyed while pending.
class Timer {
 public:
  // Called by the timers' thread, under their lock: short, and not for Add or Remove. The timer is no
  // longer pending, unless the result is true: then it is added again, `period_ns` later.
  using Fire = bool (*)(Timer& timer);

  explicit Timer(Fire fire) : fire_(fire) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  std::uint64_t period_ns = 0;

 private:
  friend class Timers;
  Fire fire_;
  std::uint64_t when_ns_ = 0;
  bool pending_ = false;
  Timer* child_ = nullptr;     // the first
  Timer* sibling_ = nullptr;   // the next
  Timer* previous_ = nullptr;  // sibling, or the parent of a first child
};

class Timers {
 public:
  static Timers& Get();

  // Of CLOCK_MONOTONIC.
  void Add(Timer& timer, std::uint64_t when_ns);
  // Whether it was pending. After this it is neither pending nor being fired.
  bool Remove(Timer& timer);

 private:
  Timers();
  [[noreturn]] void Loop();
  void FireUntil(std::uint64_t now_ns);
  void Insert(Timer& timer);
  void Extract(Timer& timer);
  // Both may be null.
  static Timer* Meld(Timer* a, Timer* b);
  static Timer* MeldSiblings(Timer* first);

  SpinLock lock_;
  Timer* earliest_ = nullptr;
  std::atomic<std::uint32_t> changes_{0};
};

}  // namespace csan::inline go_v1::internal
