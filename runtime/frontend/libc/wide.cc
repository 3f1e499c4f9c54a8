// Wide strings: what string.cc and memory.cc are to narrow ones. No edges.
#include <stddef.h>

#include "frontend/libc/text.h"
#include "frontend/real.h"

// <wchar.h> overloads some of these in C++.
extern "C" {
size_t wcslen(const wchar_t* s);
size_t wcsnlen(const wchar_t* s, size_t size);
wchar_t* wcscpy(wchar_t* to, const wchar_t* from);
wchar_t* wcsncpy(wchar_t* to, const wchar_t* from, size_t size);
wchar_t* wcscat(wchar_t* to, const wchar_t* from);
int wcscmp(const wchar_t* a, const wchar_t* b);
int wcsncmp(const wchar_t* a, const wchar_t* b, size_t size);
wchar_t* wcschr(const wchar_t* s, wchar_t c);
wchar_t* wmemcpy(wchar_t* to, const wchar_t* from, size_t size);
wchar_t* wmemmove(wchar_t* to, const wchar_t* from, size_t size);
wchar_t* wmemset(wchar_t* to, wchar_t c, size_t size);
int wmemcmp(const wchar_t* a, const wchar_t* b, size_t size);
size_t mbstowcs(wchar_t* to, const char* from, size_t size);
size_t wcstombs(char* to, const wchar_t* from, size_t size);
wchar_t* __wmemcpy_chk(wchar_t* to, const wchar_t* from, size_t size, size_t room);
wchar_t* __wmemmove_chk(wchar_t* to, const wchar_t* from, size_t size, size_t room);
wchar_t* __wmemset_chk(wchar_t* to, wchar_t c, size_t size, size_t room);
wchar_t* __wcscpy_chk(wchar_t* to, const wchar_t* from, size_t room);
}

CSAN_REAL(wcslen)
CSAN_REAL(wcsnlen)
CSAN_REAL(wcscpy)
CSAN_REAL(wcsncpy)
CSAN_REAL(wcscat)
CSAN_REAL(wcscmp)
CSAN_REAL(wcsncmp)
CSAN_REAL(wcschr)
CSAN_REAL(wmemcpy)
CSAN_REAL(wmemmove)
CSAN_REAL(wmemset)
CSAN_REAL(wmemcmp)
CSAN_REAL(mbstowcs)
CSAN_REAL(wcstombs)
CSAN_REAL(__wmemcpy_chk)
CSAN_REAL(__wmemmove_chk)
CSAN_REAL(__wmemset_chk)
CSAN_REAL(__wcscpy_chk)

namespace {

using csan::Caller;
using csan::Copies;
using csan::ReadString;
using csan::uptr;

constexpr uptr kWide = sizeof(wchar_t);

void ReadEqual(const Caller& caller, const wchar_t* a, const wchar_t* b, uptr size, bool strings) {
  if (!caller) return;
  uptr n = 0;
  while (n < size && a[n] == b[n] && (!strings || a[n] != 0)) n++;
  if (n < size) n++;
  caller.Read(a, n * kWide);
  caller.Read(b, n * kWide);
}

}  // namespace

extern "C" {

CSAN_INTERFACE size_t wcslen(const wchar_t* s) {
  const size_t n = real_wcslen()(s);
  CSAN_CALLER().Read(s, (n + 1) * kWide);
  return n;
}
CSAN_INTERFACE size_t wcsnlen(const wchar_t* s, size_t size) {
  const size_t n = real_wcsnlen()(s, size);
  CSAN_CALLER().Read(s, (n < size ? n + 1 : n) * kWide);
  return n;
}
CSAN_INTERFACE wchar_t* wcscpy(wchar_t* to, const wchar_t* from) {
  csan::CopiesString(CSAN_CALLER(), to, from);
  return real_wcscpy()(to, from);
}
CSAN_INTERFACE wchar_t* __wcscpy_chk(wchar_t* to, const wchar_t* from, size_t room) {
  csan::CopiesString(CSAN_CALLER(), to, from);
  return real___wcscpy_chk()(to, from, room);
}
CSAN_INTERFACE wchar_t* wcsncpy(wchar_t* to, const wchar_t* from, size_t size) {
  csan::CopiesPart(CSAN_CALLER(), to, from, size);
  return real_wcsncpy()(to, from, size);
}
CSAN_INTERFACE wchar_t* wcscat(wchar_t* to, const wchar_t* from) {
  csan::Appends(CSAN_CALLER(), to, from);
  return real_wcscat()(to, from);
}
CSAN_INTERFACE int wcscmp(const wchar_t* a, const wchar_t* b) {
  ReadEqual(CSAN_CALLER(), a, b, ~0ul, true);
  return real_wcscmp()(a, b);
}
CSAN_INTERFACE int wcsncmp(const wchar_t* a, const wchar_t* b, size_t size) {
  ReadEqual(CSAN_CALLER(), a, b, size, true);
  return real_wcsncmp()(a, b, size);
}
CSAN_INTERFACE wchar_t* wcschr(const wchar_t* s, wchar_t c) {
  wchar_t* const found = real_wcschr()(s, c);
  ReadString(CSAN_CALLER(), s,
             found != nullptr ? static_cast<uptr>(found - s) + 1 : csan::kNoLimit);
  return found;
}
CSAN_INTERFACE wchar_t* wmemcpy(wchar_t* to, const wchar_t* from, size_t size) {
  Copies(CSAN_CALLER(), to, from, size * kWide);
  return real_wmemcpy()(to, from, size);
}
CSAN_INTERFACE wchar_t* __wmemcpy_chk(wchar_t* to, const wchar_t* from, size_t size, size_t room) {
  Copies(CSAN_CALLER(), to, from, size * kWide);
  return real___wmemcpy_chk()(to, from, size, room);
}
CSAN_INTERFACE wchar_t* wmemmove(wchar_t* to, const wchar_t* from, size_t size) {
  Copies(CSAN_CALLER(), to, from, size * kWide);
  return real_wmemmove()(to, from, size);
}
CSAN_INTERFACE wchar_t* __wmemmove_chk(wchar_t* to, const wchar_t* from, size_t size, size_t room) {
  Copies(CSAN_CALLER(), to, from, size * kWide);
  return real___wmemmove_chk()(to, from, size, room);
}
CSAN_INTERFACE wchar_t* wmemset(wchar_t* to, wchar_t c, size_t size) {
  CSAN_CALLER().Write(to, size * kWide);
  return real_wmemset()(to, c, size);
}
CSAN_INTERFACE wchar_t* __wmemset_chk(wchar_t* to, wchar_t c, size_t size, size_t room) {
  CSAN_CALLER().Write(to, size * kWide);
  return real___wmemset_chk()(to, c, size, room);
}
CSAN_INTERFACE int wmemcmp(const wchar_t* a, const wchar_t* b, size_t size) {
  ReadEqual(CSAN_CALLER(), a, b, size, false);
  return real_wmemcmp()(a, b, size);
}

// The source is read as far as the target has room; how far that is in bytes depends on the locale, so
// only the target is told.
CSAN_INTERFACE size_t mbstowcs(wchar_t* to, const char* from, size_t size) {
  const size_t n = real_mbstowcs()(to, from, size);
  if (to != nullptr && n != ~0ul) CSAN_CALLER().Write(to, (n < size ? n + 1 : n) * kWide);
  return n;
}
CSAN_INTERFACE size_t wcstombs(char* to, const wchar_t* from, size_t size) {
  const size_t n = real_wcstombs()(to, from, size);
  if (to != nullptr && n != ~0ul) CSAN_CALLER().Write(to, n < size ? n + 1 : n);
  return n;
}
}
