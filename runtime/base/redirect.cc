// The targets of base/redirect.h. Built without it, and so that no loop becomes a call of itself.
#include "base/types.h"

using csan::u8;
using csan::uptr;

extern "C" {

void* __csan_internal_memcpy(void* to, const void* from, uptr size) {
  void* result = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return result;
}

void* __csan_internal_memmove(void* to, const void* from, uptr size) {
  u8* t = static_cast<u8*>(to);
  const u8* f = static_cast<const u8*>(from);
  if (t <= f || t >= f + size) return __csan_internal_memcpy(to, from, size);
  for (volatile uptr i = size; i > 0; i = i - 1) t[i - 1] = f[i - 1];
  return to;
}

void* __csan_internal_memset(void* to, int value, uptr size) {
  void* result = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
  return result;
}

int __csan_internal_memcmp(const void* a, const void* b, uptr size) {
  const volatile u8* x = static_cast<const volatile u8*>(a);
  const volatile u8* y = static_cast<const volatile u8*>(b);
  for (uptr i = 0; i < size; i++) {
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  }
  return 0;
}
}
