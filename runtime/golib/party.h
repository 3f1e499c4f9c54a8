// Who can wait in an operation of the library: a goroutine or an OS thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace csan::inline go_v1::internal {

class Goroutine;

// What is done once a goroutine is off its stack, or right away for a thread: it may be woken from then
// on. Usually unlocks what the waker locks.
struct After {
  void (*call)(void* argument);
  void* argument;
};

class Party {
 public:
  explicit constexpr Party(Goroutine* goroutine) noexcept : goroutine_(goroutine) {}
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  // Who runs. The same for as long as a goroutine lives, on whatever thread.
  static Party& Self();

  // Until woken, exactly once, by whoever found it in what `after` made known.
  void Park(After after);
  void Unpark();

  Goroutine* goroutine() const { return goroutine_; }

 private:
  Goroutine* goroutine_;  // null for a thread
  std::atomic<std::uint32_t> woken_{0};
};

}  // namespace csan::inline go_v1::internal
