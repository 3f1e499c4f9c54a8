// Formatted input from strings: the source is read in full, because the C library measures it first.
#define __NO_INLINE__ 1
#include <stdarg.h>
#include <stdio.h>

#include "frontend/libc/format.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"

extern "C" {
int __isoc99_vsscanf(const char* from, const char* format, va_list list);
// <stdio.h> means those of C99 by these names.
int csan_gnu_vsscanf(const char* from, const char* format, va_list list) __asm__("vsscanf");
int csan_gnu_sscanf(const char* from, const char* format, ...) __asm__("sscanf");
}

CSAN_REAL(vsscanf)
CSAN_REAL(__isoc99_vsscanf)

namespace {

using csan::Caller;

int Scan(const Caller& caller, bool gnu, const char* from, const char* format, va_list list) {
  va_list stored;
  va_copy(stored, list);
  csan::ReadString(caller, from);
  const int count = (gnu ? real_vsscanf() : real___isoc99_vsscanf())(from, format, list);
  csan::StoresArguments(caller, format, count, gnu, stored);
  va_end(stored);
  return count;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int csan_gnu_vsscanf(const char* from, const char* format, va_list list) {
  return Scan(CSAN_CALLER(), true, from, format, list);
}
CSAN_LISTED(csan_gnu_sscanf, (const char* from, const char* format, ...), format,
            Scan(CSAN_CALLER(), true, from, format, list))
CSAN_INTERFACE int __isoc99_vsscanf(const char* from, const char* format, va_list list) {
  return Scan(CSAN_CALLER(), false, from, format, list);
}
CSAN_LISTED(__isoc99_sscanf, (const char* from, const char* format, ...), format,
            Scan(CSAN_CALLER(), false, from, format, list))
}
