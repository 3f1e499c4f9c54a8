// What functions certainly access of the strings that they are given, narrow and wide. Nothing is looked
// at if the caller does not count.
#pragma once

#include "frontend/libc/caller.h"

namespace csan {

constexpr uptr kNoLimit = ~0ul;

template <typename Char>
uptr LengthAtMost(const Char* s, uptr size) {
  uptr n = 0;
  while (n < size && s[n] != 0) n++;
  return n;
}

// Of a string of which at most `size` characters are looked at, with the end if that is among them.
template <typename Char>
void ReadString(const Caller& caller, const Char* s, uptr size = kNoLimit) {
  if (!caller) return;
  const uptr n = LengthAtMost(s, size);
  caller.Read(s, (n < size ? n + 1 : n) * sizeof(Char));
}

inline void Copies(const Caller& caller, void* to, const void* from, uptr bytes) {
  caller.Read(from, bytes);
  caller.Write(to, bytes);
}
template <typename Char>
void CopiesString(const Caller& caller, Char* to, const Char* from) {
  if (caller) Copies(caller, to, from, (LengthAtMost(from, kNoLimit) + 1) * sizeof(Char));
}
// The rest of `size` characters is filled with zeros.
template <typename Char>
void CopiesPart(const Caller& caller, Char* to, const Char* from, uptr size) {
  ReadString(caller, from, size);
  caller.Write(to, size * sizeof(Char));
}
// At most `size` characters, and an end.
template <typename Char>
void Appends(const Caller& caller, Char* to, const Char* from, uptr size = kNoLimit) {
  if (!caller) return;
  const uptr had = LengthAtMost(to, kNoLimit);
  caller.Read(to, (had + 1) * sizeof(Char));
  ReadString(caller, from, size);
  caller.Write(to + had, (LengthAtMost(from, size) + 1) * sizeof(Char));
}

}  // namespace csan

// A variadic function by the one that takes a list.
#define CSAN_LISTED(name, parameters, last, call) \
  CSAN_INTERFACE int name parameters {            \
    va_list list;                                 \
    va_start(list, last);                         \
    const int result = call;                      \
    va_end(list);                                 \
    return result;                                \
  }
