// A lock for the runtime's short critical sections: spins a little, then yields the processor.
//
// In a forked child, a lock that another thread of the parent held stays locked by nobody. So the
// word holds the generation of the process that locked it, and a child takes over what an older
// generation left locked. What such a lock protects may be half changed; every critical section
// of the runtime is written so that this loses an entry or a counter and no more.
#pragma once

#include "base/types.h"

namespace csan {

// How many forks lie between the program's start and this process, plus 1.
extern u32 lock_generation;

class SpinLock {
 public:
  constexpr SpinLock() = default;
  bool TryLock() {
    const u32 mine = lock_generation;
    return __atomic_exchange_n(&held_, mine, __ATOMIC_ACQUIRE) != mine;
  }
  void Lock() {
    if (CSAN_UNLIKELY(!TryLock())) LockSlow();
  }
  void Unlock() { __atomic_store_n(&held_, 0u, __ATOMIC_RELEASE); }

 private:
  void LockSlow();
  u32 held_ = 0;
};

class SpinGuard {
 public:
  explicit SpinGuard(SpinLock& lock) : lock_(lock) { lock_.Lock(); }
  ~SpinGuard() { lock_.Unlock(); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace csan
