// A lock for the runtime's short critical sections: spins a little, then yields the processor.
#pragma once

#include "base/types.h"

namespace csan {

class SpinLock {
 public:
  constexpr SpinLock() = default;
  bool TryLock() { return __atomic_exchange_n(&held_, 1u, __ATOMIC_ACQUIRE) == 0; }
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
