// Memory and string functions: the ranges they certainly access are accesses of their caller. Calls
// from code that the pass did not see are ignored by the rule that its memory events do not count:
// only calls whose caller lies in an instrumented module are checked.
#include <stddef.h>
#include <string.h>

#include "abi/hooks.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"

#undef memcpy
#undef memmove
#undef memset
#undef strcpy
#undef strcat
#undef strncpy

CSAN_REAL(memcpy)
CSAN_REAL(memmove)
CSAN_REAL(memset)
CSAN_REAL(memcmp)
CSAN_REAL(strlen)
CSAN_REAL(strcmp)
CSAN_REAL(strncmp)

namespace {

using csan::Caller;
using csan::u8;
using csan::uptr;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

// For callers that need not be looked up.
void Read(const void* at, uptr size, uptr pc) { csan::OnAccess(Addr(at), size, false, pc); }
void Write(void* at, uptr size, uptr pc) { csan::OnAccess(Addr(at), size, true, pc); }

uptr Length(const char* s) { return real_strlen()(s); }

// Before the loader has bound us, and within it, the real functions cannot be looked up.
void* PlainCopy(void* to, const void* from, uptr size) {
  void* result = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return result;
}
void* PlainSet(void* to, int value, uptr size) {
  void* result = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
  return result;
}

}  // namespace

extern "C" {

CSAN_INTERFACE void* memcpy(void* to, const void* from, size_t size) {
  if (CSAN_UNLIKELY(!csan::InitDone())) return PlainCopy(to, from, size);
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(from, size);
    caller.Write(to, size);
  }
  return real_memcpy()(to, from, size);
}

CSAN_INTERFACE void* memmove(void* to, const void* from, size_t size) {
  if (CSAN_UNLIKELY(!csan::InitDone())) {
    if (Addr(to) - Addr(from) >= size) return PlainCopy(to, from, size);
    for (uptr i = size; i-- > 0;) {
      static_cast<volatile u8*>(to)[i] = static_cast<const volatile u8*>(from)[i];
    }
    return to;
  }
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(from, size);
    caller.Write(to, size);
  }
  return real_memmove()(to, from, size);
}

// What the pass puts in place of the intrinsics: the caller is instrumented, no need to look.
CSAN_INTERFACE void* __csan_memcpy(void* to, const void* from, size_t size) {
  if (CSAN_LISTENING()) {
    const uptr pc = CSAN_CALLER_PC();
    Read(from, size, pc);
    Write(to, size, pc);
  }
  return CSAN_LIKELY(csan::InitDone()) ? real_memcpy()(to, from, size) : PlainCopy(to, from, size);
}

CSAN_INTERFACE void* __csan_memmove(void* to, const void* from, size_t size) {
  if (CSAN_LISTENING()) {
    const uptr pc = CSAN_CALLER_PC();
    Read(from, size, pc);
    Write(to, size, pc);
    return real_memmove()(to, from, size);
  }
  return memmove(to, from, size);
}

CSAN_INTERFACE void* __csan_memset(void* to, int value, size_t size) {
  if (CSAN_LISTENING()) Write(to, size, CSAN_CALLER_PC());
  return CSAN_LIKELY(csan::InitDone()) ? real_memset()(to, value, size) : PlainSet(to, value, size);
}

CSAN_INTERFACE void* memset(void* to, int value, size_t size) {
  if (CSAN_UNLIKELY(!csan::InitDone())) return PlainSet(to, value, size);
  if (const Caller caller = CSAN_CALLER()) caller.Write(to, size);
  return real_memset()(to, value, size);
}

CSAN_INTERFACE int memcmp(const void* a, const void* b, size_t size) {
  const auto* x = static_cast<const u8*>(a);
  const auto* y = static_cast<const u8*>(b);
  if (CSAN_UNLIKELY(!csan::InitDone())) {
    for (uptr i = 0; i < size; i++) {
      if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    }
    return 0;
  }
  const int result = real_memcmp()(a, b, size);
  if (const Caller caller = CSAN_CALLER()) {
    // Only what is compared before the first difference is certainly read.
    uptr n = result == 0 ? size : 0;
    while (n < size && x[n] == y[n]) n++;
    n = n < size ? n + 1 : n;
    caller.Read(a, n);
    caller.Read(b, n);
  }
  return result;
}

CSAN_INTERFACE int bcmp(const void* a, const void* b, size_t size) {
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(a, size);
    caller.Read(b, size);
  }
  return real_memcmp()(a, b, size);
}

CSAN_INTERFACE size_t strlen(const char* s) {
  if (CSAN_UNLIKELY(!csan::InitDone())) {
    size_t n = 0;
    while (static_cast<const volatile char*>(s)[n] != 0) n++;
    return n;
  }
  const size_t n = Length(s);
  if (const Caller caller = CSAN_CALLER()) caller.Read(s, n + 1);
  return n;
}

CSAN_INTERFACE char* strcpy(char* to, const char* from) {
  const uptr n = Length(from) + 1;
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(from, n);
    caller.Write(to, n);
  }
  real_memmove()(to, from, n);
  return to;
}

CSAN_INTERFACE char* stpcpy(char* to, const char* from) {
  const uptr n = Length(from) + 1;
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(from, n);
    caller.Write(to, n);
  }
  real_memmove()(to, from, n);
  return to + n - 1;
}

CSAN_INTERFACE char* strcat(char* to, const char* from) {
  const uptr had = Length(to);
  const uptr n = Length(from) + 1;
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(to, had + 1);
    caller.Read(from, n);
    caller.Write(to + had, n);
  }
  real_memmove()(to + had, from, n);
  return to;
}

CSAN_INTERFACE char* strncpy(char* to, const char* from, size_t size) {
  uptr n = 0;
  while (n < size && from[n] != 0) n++;
  if (const Caller caller = CSAN_CALLER()) {
    caller.Read(from, n < size ? n + 1 : n);
    caller.Write(to, size);
  }
  real_memmove()(to, from, n);
  real_memset()(to + n, 0, size - n);
  return to;
}

CSAN_INTERFACE int strcmp(const char* a, const char* b) {
  if (const Caller caller = CSAN_CALLER()) {
    uptr n = 0;
    while (a[n] != 0 && a[n] == b[n]) n++;
    caller.Read(a, n + 1);
    caller.Read(b, n + 1);
  }
  return real_strcmp()(a, b);
}

CSAN_INTERFACE int strncmp(const char* a, const char* b, size_t size) {
  if (const Caller caller = CSAN_CALLER()) {
    uptr n = 0;
    while (n < size && a[n] != 0 && a[n] == b[n]) n++;
    if (n < size) n++;
    caller.Read(a, n);
    caller.Read(b, n);
  }
  return real_strncmp()(a, b, size);
}
}
