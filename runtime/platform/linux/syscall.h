// Raw system calls: libc's wrappers set errno and may be intercepted. What fails returns -errno.
#pragma once

#include <asm/unistd.h>

#include "base/types.h"

namespace csan {

CSAN_ALWAYS_INLINE sptr Syscall(sptr number, uptr a = 0, uptr b = 0, uptr c = 0, uptr d = 0,
                                uptr e = 0, uptr f = 0) {
  sptr result;
  register uptr r10 __asm__("r10") = d;
  register uptr r8 __asm__("r8") = e;
  register uptr r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

inline uptr Arg(const void* p) { return reinterpret_cast<uptr>(p); }
inline bool Failed(sptr result) { return result < 0 && result > -4096; }

}  // namespace csan
