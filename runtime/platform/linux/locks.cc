// What the locks of base do when they have to wait.
#include "platform/platform.h"

#include "base/seq_lock.h"
#include "base/spin_lock.h"

namespace csan {

constinit u32 lock_generation = 1;

void SpinLock::LockSlow() {
  for (u32 spins = 0;; spins++) {
    if (__atomic_load_n(&held_, __ATOMIC_RELAXED) != lock_generation && TryLock()) return;
    if (spins < 256) {
      __builtin_ia32_pause();
    } else {
      Yield();
    }
  }
}

void SeqLock::LockSlow() {
  // In a forked child the holder may have stayed in the parent. There is no room to say so, so a lock
  // that nobody has touched for so many turns is taken over.
  constexpr u32 kTurnsMax = 100000;
  u32 seen = 0;
  for (u32 spins = 0; !TryLock(); spins++) {
    if (spins < 256) {
      __builtin_ia32_pause();
      continue;
    }
    Yield();
    const u32 now = __atomic_load_n(&count_, __ATOMIC_RELAXED);
    if (lock_generation == 1 || now != seen) {
      seen = now;
      spins = 256;
    } else if (spins > kTurnsMax && (now & 1) != 0 &&
               __atomic_compare_exchange_n(&count_, &seen, now + 2, false, __ATOMIC_ACQUIRE,
                                           __ATOMIC_RELAXED)) {
      return;
    }
  }
}

}  // namespace csan
