// Waiting for a word to change, and the library's lock. By the C library's syscall(), so that a
// sanitizer sees that a thread waits; neither orders anything for one.
#pragma once

#include <csan/go/wait_list.h>
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
constexpr std::uint32_t kFree = 0, kHeld = 1, kContended = 2;

inline void SpinLock::lock() {
  std::uint32_t free = kFree;
  if (!word_.compare_exchange_strong(free, kHeld, std::memory_order_acquire)) Wait();
}
inline void SpinLock::unlock() {
  if (word_.exchange(kFree, std::memory_order_release) == kContended) FutexWake(word_);
}

}  // namespace csan::inline go_v1::internal
