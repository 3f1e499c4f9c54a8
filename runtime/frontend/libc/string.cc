// Functions that search, compare and copy strings, and what they certainly access: up to the character
// that ends the search, not what lies behind it. No edges.
#include <stdarg.h>
#include <stddef.h>

#include "frontend/libc/format.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"

// <string.h> overloads these in C++.
extern "C" {
void* memchr(const void* s, int c, size_t size);
void* memrchr(const void* s, int c, size_t size);
void* mempcpy(void* to, const void* from, size_t size);
char* strchr(const char* s, int c);
char* strrchr(const char* s, int c);
char* strstr(const char* s, const char* part);
size_t strnlen(const char* s, size_t size);
char* strncat(char* to, const char* from, size_t size);
char* strdup(const char* s);
char* strndup(const char* s, size_t size);
int strcasecmp(const char* a, const char* b);
int strncasecmp(const char* a, const char* b, size_t size);
int vsnprintf(char* to, size_t size, const char* format, va_list list);
int vsprintf(char* to, const char* format, va_list list);
int vasprintf(char** to, const char* format, va_list list);
// What _FORTIFY_SOURCE makes of calls whose buffer's size is known.
int __vsnprintf_chk(char* to, size_t size, int flag, size_t room, const char* format, va_list list);
int __vsprintf_chk(char* to, int flag, size_t room, const char* format, va_list list);
void qsort_r(void* base, size_t count, size_t size, int (*compare)(const void*, const void*, void*),
             void* context);
void qsort(void* base, size_t count, size_t size, int (*compare)(const void*, const void*));
}

CSAN_REAL(memchr)
CSAN_REAL(memrchr)
CSAN_REAL(mempcpy)
CSAN_REAL(strchr)
CSAN_REAL(strrchr)
CSAN_REAL(strstr)
CSAN_REAL(strncat)
CSAN_REAL(strdup)
CSAN_REAL(strndup)
CSAN_REAL(strcasecmp)
CSAN_REAL(strncasecmp)
CSAN_REAL(vsnprintf)
CSAN_REAL(vsprintf)
CSAN_REAL(vasprintf)
CSAN_REAL(qsort_r)
CSAN_REAL(__vsnprintf_chk)
CSAN_REAL(__vsprintf_chk)
CSAN_REAL(qsort)

namespace {

using csan::Caller;
using csan::LengthAtMost;
using csan::ReadString;
using csan::StringLength;
using csan::uptr;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; }

// Both up to the first difference; other letters than these may differ later in the program's locale,
// so that less than what is read is told.
void ReadEqual(const Caller& caller, const char* a, const char* b, uptr size) {
  if (!caller) return;
  uptr n = 0;
  while (n < size && a[n] != 0 && Lower(a[n]) == Lower(b[n])) n++;
  if (n < size) n++;
  caller.Read(a, n);
  caller.Read(b, n);
}

int Formatted(const Caller& caller, int n, char* to, size_t size) {
  if (n >= 0 && size != 0) {
    const auto length = static_cast<uptr>(n) + 1;
    caller.Write(to, length < size ? length : size);
  }
  return n;
}

// The text itself is new memory; the pointer is the caller's.
int FormattedAnew(const Caller& caller, char** to, const char* format, va_list list) {
  csan::PrintsArguments(caller, format, list);
  caller.Write(to, sizeof(*to));
  return real_vasprintf()(to, format, list);
}

}  // namespace

extern "C" {

CSAN_INTERFACE void* memchr(const void* s, int c, size_t size) {
  void* found = real_memchr()(s, c, size);
  const auto* end = static_cast<const char*>(found) + 1;
  CSAN_CALLER().Read(
      s, found == nullptr ? size : static_cast<uptr>(end - static_cast<const char*>(s)));
  return found;
}
CSAN_INTERFACE void* memrchr(const void* s, int c, size_t size) {
  void* found = real_memrchr()(s, c, size);
  const auto* end = static_cast<const char*>(s) + size;
  const auto* from = static_cast<const char*>(found == nullptr ? s : found);
  CSAN_CALLER().Read(from, static_cast<uptr>(end - from));
  return found;
}
CSAN_INTERFACE void* mempcpy(void* to, const void* from, size_t size) {
  csan::Copies(CSAN_CALLER(), to, from, size);
  return real_mempcpy()(to, from, size);
}

CSAN_INTERFACE char* strchr(const char* s, int c) {
  char* found = real_strchr()(s, c);
  const Caller caller = CSAN_CALLER();
  if (caller)
    caller.Read(s, found != nullptr ? static_cast<uptr>(found - s) + 1 : StringLength(s) + 1);
  return found;
}
CSAN_INTERFACE char* strrchr(const char* s, int c) {
  ReadString(CSAN_CALLER(), s);
  return real_strrchr()(s, c);
}
CSAN_INTERFACE char* strstr(const char* s, const char* part) {
  char* found = real_strstr()(s, part);
  const Caller caller = CSAN_CALLER();
  if (!caller) return found;
  const uptr length = StringLength(part);
  caller.Read(part, length + 1);
  caller.Read(s, found != nullptr ? static_cast<uptr>(found - s) + length : StringLength(s) + 1);
  return found;
}
CSAN_INTERFACE size_t strnlen(const char* s, size_t size) {
  ReadString(CSAN_CALLER(), s, size);
  return LengthAtMost(s, size);
}
CSAN_INTERFACE char* strncat(char* to, const char* from, size_t size) {
  csan::Appends(CSAN_CALLER(), to, from, size);
  return real_strncat()(to, from, size);
}
CSAN_INTERFACE char* strdup(const char* s) {
  ReadString(CSAN_CALLER(), s);
  return real_strdup()(s);
}
CSAN_INTERFACE char* __strdup(const char* s) {
  ReadString(CSAN_CALLER(), s);
  return real_strdup()(s);
}
CSAN_INTERFACE char* strndup(const char* s, size_t size) {
  ReadString(CSAN_CALLER(), s, size);
  return real_strndup()(s, size);
}
CSAN_INTERFACE int strcasecmp(const char* a, const char* b) {
  ReadEqual(CSAN_CALLER(), a, b, ~0ul);
  return real_strcasecmp()(a, b);
}
CSAN_INTERFACE int strncasecmp(const char* a, const char* b, size_t size) {
  ReadEqual(CSAN_CALLER(), a, b, size);
  return real_strncasecmp()(a, b, size);
}

#define CSAN_FORMAT(name, list_name, parameters, list_parameters, arguments, size) \
  CSAN_INTERFACE int list_name list_parameters {                                   \
    csan::PrintsArguments(CSAN_CALLER(), format, list);                            \
    return Formatted(CSAN_CALLER(), real_##list_name() arguments, to, size);       \
  }                                                                                \
  CSAN_LISTED(name, parameters, format,                                            \
              (csan::PrintsArguments(CSAN_CALLER(), format, list),                 \
               Formatted(CSAN_CALLER(), real_##list_name() arguments, to, size)))

CSAN_FORMAT(snprintf, vsnprintf, (char* to, size_t size, const char* format, ...),
            (char* to, size_t size, const char* format, va_list list), (to, size, format, list),
            size)
CSAN_FORMAT(sprintf, vsprintf, (char* to, const char* format, ...),
            (char* to, const char* format, va_list list), (to, format, list), ~0ul)
CSAN_FORMAT(__snprintf_chk, __vsnprintf_chk,
            (char* to, size_t size, int flag, size_t room, const char* format, ...),
            (char* to, size_t size, int flag, size_t room, const char* format, va_list list),
            (to, size, flag, room, format, list), size)
CSAN_FORMAT(__sprintf_chk, __vsprintf_chk,
            (char* to, int flag, size_t room, const char* format, ...),
            (char* to, int flag, size_t room, const char* format, va_list list),
            (to, flag, room, format, list), ~0ul)

CSAN_INTERFACE int vasprintf(char** to, const char* format, va_list list) {
  return FormattedAnew(CSAN_CALLER(), to, format, list);
}
CSAN_LISTED(asprintf, (char** to, const char* format, ...), format,
            FormattedAnew(CSAN_CALLER(), to, format, list))

CSAN_INTERFACE void qsort(void* base, size_t count, size_t size,
                          int (*compare)(const void*, const void*)) {
  real_qsort()(base, count, size, compare);
  if (count > 1) CSAN_CALLER().Write(base, count * size);
}
CSAN_INTERFACE void qsort_r(void* base, size_t count, size_t size,
                            int (*compare)(const void*, const void*, void*), void* context) {
  real_qsort_r()(base, count, size, compare, context);
  if (count > 1) CSAN_CALLER().Write(base, count * size);
}
}
