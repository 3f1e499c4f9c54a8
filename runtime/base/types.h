// Integer names and compiler spellings. Includes nothing, so that every layer may include it.
#pragma once

namespace csan {

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long;
using i32 = int;
using i64 = long;
using uptr = unsigned long;
using sptr = long;

static_assert(sizeof(u64) == 8 && sizeof(uptr) == 8 && sizeof(u32) == 4);

}  // namespace csan

#define CSAN_LIKELY(x) __builtin_expect(!!(x), 1)
#define CSAN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CSAN_ALWAYS_INLINE inline __attribute__((always_inline))
#define CSAN_NOINLINE __attribute__((noinline))
#define CSAN_INTERFACE __attribute__((visibility("default"), used))
#define CSAN_WEAK __attribute__((weak))
#define CSAN_CALLER_PC() reinterpret_cast<csan::uptr>(__builtin_return_address(0))
