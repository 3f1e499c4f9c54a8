// Numbers out of strings, and times. What is read of a string ends with the first character that is no
// longer part of the number. No edges.
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#include "frontend/libc/caller.h"
#include "frontend/real.h"

// <stdlib.h> defines some of these inline.
extern "C" {
long strtol(const char* s, char** end, int base);
long long strtoll(const char* s, char** end, int base);
unsigned long strtoul(const char* s, char** end, int base);
unsigned long long strtoull(const char* s, char** end, int base);
float strtof(const char* s, char** end);
double strtod(const char* s, char** end);
long double strtold(const char* s, char** end);
int atoi(const char* s);
long atol(const char* s);
long long atoll(const char* s);
double atof(const char* s);
}

CSAN_REAL(strtol)
CSAN_REAL(strtoll)
CSAN_REAL(strtoul)
CSAN_REAL(strtoull)
CSAN_REAL(strtof)
CSAN_REAL(strtod)
CSAN_REAL(strtold)
CSAN_REAL(localtime_r)
CSAN_REAL(gmtime_r)
CSAN_REAL(asctime_r)  // NOLINT(bugprone-unsafe-functions): the program's choice
CSAN_REAL(ctime_r)
CSAN_REAL(strftime)
CSAN_REAL(mktime)
CSAN_REAL(clock_gettime)
CSAN_REAL(gettimeofday)

namespace {

using csan::Caller;
using csan::StringLength;
using csan::uptr;

template <typename Number, typename Convert>
Number Converted(const Caller& caller, const char* s, char** end, Convert convert) {
  char* stop = nullptr;
  const Number number = convert(s, &stop);
  if (stop != nullptr) caller.Read(s, static_cast<uptr>(stop - s) + 1);
  if (end == nullptr) return number;
  *end = stop;
  caller.Write(end, sizeof(*end));
  return number;
}

template <typename Result, typename From, typename To>
Result* Filled(const Caller& caller, Result* result, const From* from, To* to, uptr size) {
  caller.Read(from, sizeof(*from));
  if (result != nullptr) caller.Write(to, size);
  return result;
}

}  // namespace

#define CSAN_INTEGER(type, name)                                                                \
  CSAN_INTERFACE type name(const char* s, char** end, int base) {                               \
    return Converted<type>(CSAN_CALLER(), s, end,                                               \
                           [=](const char* t, char** e) { return real_##name()(t, e, base); }); \
  }
#define CSAN_FLOAT(type, name)                                    \
  CSAN_INTERFACE type name(const char* s, char** end) {           \
    return Converted<type>(CSAN_CALLER(), s, end, real_##name()); \
  }
#define CSAN_DECIMAL(type, name, by)                                                       \
  CSAN_INTERFACE type name(const char* s) {                                                \
    return Converted<type>(CSAN_CALLER(), s, nullptr,                                      \
                           [](const char* t, char** e) { return static_cast<type>(by); }); \
  }

extern "C" {

CSAN_INTEGER(long, strtol)
CSAN_INTEGER(long long, strtoll)
CSAN_INTEGER(unsigned long, strtoul)
CSAN_INTEGER(unsigned long long, strtoull)
CSAN_FLOAT(float, strtof)
CSAN_FLOAT(double, strtod)
CSAN_FLOAT(long double, strtold)
CSAN_DECIMAL(int, atoi, real_strtol()(t, e, 10))
CSAN_DECIMAL(long, atol, real_strtol()(t, e, 10))
CSAN_DECIMAL(long long, atoll, real_strtoll()(t, e, 10))
CSAN_DECIMAL(double, atof, real_strtod()(t, e))

CSAN_INTERFACE tm* localtime_r(const time_t* time, tm* to) noexcept {
  return Filled(CSAN_CALLER(), real_localtime_r()(time, to), time, to, sizeof(*to));
}
CSAN_INTERFACE tm* gmtime_r(const time_t* time, tm* to) noexcept {
  return Filled(CSAN_CALLER(), real_gmtime_r()(time, to), time, to, sizeof(*to));
}
CSAN_INTERFACE char* asctime_r(const tm* time, char* to) noexcept {
  char* const text = real_asctime_r()(time, to);
  const uptr size = text != nullptr ? StringLength(text) + 1 : 0;
  return Filled(CSAN_CALLER(), text, time, to, size);
}
CSAN_INTERFACE char* ctime_r(const time_t* time, char* to) noexcept {
  char* const text = real_ctime_r()(time, to);
  const uptr size = text != nullptr ? StringLength(text) + 1 : 0;
  return Filled(CSAN_CALLER(), text, time, to, size);
}
CSAN_INTERFACE size_t strftime(char* to, size_t size, const char* format, const tm* time) noexcept {
  const Caller caller = CSAN_CALLER();
  const size_t n = real_strftime()(to, size, format, time);
  caller.Read(format, StringLength(format) + 1);
  caller.Read(time, sizeof(*time));
  if (n != 0) caller.Write(to, n + 1);
  return n;
}
// The structure is put right.
CSAN_INTERFACE time_t mktime(tm* time) noexcept {
  CSAN_CALLER().Write(time, sizeof(*time));
  return real_mktime()(time);
}
CSAN_INTERFACE int clock_gettime(clockid_t clock, timespec* to) noexcept {
  const int result = real_clock_gettime()(clock, to);
  if (result == 0) CSAN_CALLER().Write(to, sizeof(*to));
  return result;
}
CSAN_INTERFACE int gettimeofday(timeval* to, void* zone) noexcept {
  const int result = real_gettimeofday()(to, zone);
  if (result == 0) CSAN_CALLER().Write(to, sizeof(*to));
  return result;
}
}
