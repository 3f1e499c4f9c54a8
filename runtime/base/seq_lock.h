// A lock whose holder changes a few words, and whose readers may copy them without it and ask
// afterwards whether they were left alone. Lives in type-stable memory and is never reset, so that a
// reader also notices that the memory has had another use meanwhile.
#pragma once

#include "base/types.h"

namespace csan {

class SeqLock {
 public:
  bool TryLock() {
    u32 now = __atomic_load_n(&count_, __ATOMIC_RELAXED);
    return (now & 1) == 0 && __atomic_compare_exchange_n(&count_, &now, now + 1, false,
                                                         __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  }
  void Lock() {
    if (CSAN_UNLIKELY(!TryLock())) LockSlow();
  }
  // Until whoever holds it lets go.
  void Wait() {
    if (CSAN_LIKELY((Begin() & 1) == 0)) return;
    Lock();
    Unlock();
  }
  void Unlock() { __atomic_store_n(&count_, count_ + 1, __ATOMIC_RELEASE); }

  // How often it has been held, or is.
  u32 Holds() const { return (__atomic_load_n(&count_, __ATOMIC_RELAXED) + 1) / 2; }

  // A number to hand to Unchanged(); odd if the lock is held, which Unchanged never accepts.
  u32 Begin() const { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }
  bool Unchanged(u32 begin) const {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return (begin & 1) == 0 && __atomic_load_n(&count_, __ATOMIC_RELAXED) == begin;
  }

 private:
  void LockSlow();
  u32 count_ = 0;
};

}  // namespace csan
