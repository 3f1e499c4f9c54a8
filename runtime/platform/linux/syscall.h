// Raw system calls: libc's wrappers set errno and may be intercepted.
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

}  // namespace csan
