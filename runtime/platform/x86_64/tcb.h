// The thread's fields in the control block that %fs points to (see abi/layout.h). Constant offsets:
// no relocation, no static TLS, and right at once after a fiber has moved to another thread.
#pragma once

#include "abi/layout.h"
#include "base/types.h"

namespace csan {

constexpr uptr kTcbSelf = 0x10;  // where the control block holds its own address

template <uptr kOffset>
CSAN_ALWAYS_INLINE u64 ReadTcb64() {
  u64 value;
  __asm__ volatile("movq %%fs:%c1, %0" : "=r"(value) : "i"(kOffset));
  return value;
}

template <uptr kOffset>
CSAN_ALWAYS_INLINE void WriteTcb64(u64 value) {
  __asm__ volatile("movq %0, %%fs:%c1" : : "r"(value), "i"(kOffset) : "memory");
}

}  // namespace csan
