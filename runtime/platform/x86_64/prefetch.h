// Asks for a cache line before it is needed; `write` also takes it away from the other cores. Never faults.
#pragma once

#include "base/types.h"

namespace csan {

CSAN_ALWAYS_INLINE void Prefetch(const void* at, bool write) {
  if (write) {
    // The builtin needs a CPU option for this instruction; where it is unknown it does nothing.
    __asm__ volatile("prefetchw %0" : : "m"(*static_cast<const char*>(at)));
  } else {
    __builtin_prefetch(at);
  }
}

}  // namespace csan
