// Waiting for a word to change, and the library's lock. By the C library's syscall(), so that a
// sanitizer sees that a thread waits; neither orders anything for one.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace csan::inline go_v1::internal {

inline void Pause() { __builtin_ia32_pause(); }

// Until woken or `until` (of CLOCK_MONOTONIC; null: for ever); may return early.
inline void FutexWait(std::atomic<std::uint32_t>& word, std::uint32_t value,
                      const timespec* until = nullptr) {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, until, nullptr,
          FUTEX_BITSET_MATCH_ANY);
  errno = saved;
}
inline void FutexWake(std::atomic<std::uint32_t>& word) {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  errno = saved;
}

// For a few instructions at a time: whoever waits holds up its thread and all goroutines behind it.
class SpinLock {
 public:
  void lock() {
    std::uint32_t free = kFree;
    if (!word_.compare_exchange_strong(free, kHeld, std::memory_order_acquire)) Wait();
  }
  void unlock() {
    if (word_.exchange(kFree, std::memory_order_release) == kContended) FutexWake(word_);
  }

 private:
  static constexpr std::uint32_t kFree = 0, kHeld = 1, kContended = 2;

  [[gnu::noinline]] void Wait() {
    for (int i = 0; i < 64; i++) {
      std::uint32_t free = kFree;
      if (word_.load(std::memory_order_relaxed) == kFree &&
          word_.compare_exchange_strong(free, kHeld, std::memory_order_acquire)) {
        return;
      }
      Pause();
    }
    // The holder may have lost its CPU.
    while (word_.exchange(kContended, std::memory_order_acquire) != kFree) {
      FutexWait(word_, kContended);
    }
  }

  std::atomic<std::uint32_t> word_{kFree};
};

}  // namespace csan::inline go_v1::internal
