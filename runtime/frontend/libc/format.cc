#include "frontend/libc/format.h"

#include <stddef.h>

#include "frontend/libc/text.h"

namespace csan {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether `c` is among the characters of `set`.
bool IsIn(char c, const char* set) {
  while (*set != 0 && *set != c) set++;
  return c != 0 && *set == c;
}

u32 Number(const char*& at) {
  u32 n = 0;
  while (IsDigit(*at)) n = n * 10 + static_cast<u32>(*at++ - '0');
  return n;
}

enum class Length { kByte, kShort, kInt, kLong, kLongDouble };

Length LengthOf(const char*& at) {
  Length length = Length::kInt;
  for (; IsIn(*at, "hlqLjzZt"); at++) {
    if (*at == 'h')
      length = length == Length::kShort ? Length::kByte : Length::kShort;
    else
      length = *at == 'L' ? Length::kLongDouble : Length::kLong;
  }
  return length;
}

uptr SizeOfInteger(Length length) {
  switch (length) {
    case Length::kByte:
      return 1;
    case Length::kShort:
      return 2;
    case Length::kInt:
      return 4;
    default:
      return 8;
  }
}
uptr SizeOfFloat(Length length) {
  constexpr uptr kExtended = 10;
  return length == Length::kInt ? 4 : length == Length::kLong ? 8 : kExtended;
}

struct PrintConversion {
  uptr precision;
  Length length;
  char kind;
};

// After the '%'. What stands for a number of its own takes an argument.
PrintConversion NextPrinted(const char*& at, va_list list) {
  PrintConversion c = {kNoLimit, Length::kInt, 0};
  while (IsIn(*at, "-+ #0'I")) at++;
  if (*at == '*') {
    at++;
    va_arg(list, int);
  }
  Number(at);
  if (*at == '.') {
    at++;
    if (*at == '*') {
      at++;
      const int given = va_arg(list, int);
      if (given >= 0) c.precision = static_cast<uptr>(given);
    } else {
      c.precision = Number(at);
    }
  }
  c.length = LengthOf(at);
  c.kind = *at;
  return c;
}

template <typename T>
void PassOver(va_list list) {
  (void)va_arg(list, T);
}

// False where the arguments are no longer known.
bool TellPrinted(const Caller& caller, const PrintConversion& c, va_list list) {
  const bool wide = c.length == Length::kLong || c.kind == 'S';
  if (IsIn(c.kind, "diouxXc")) {
    c.length >= Length::kLong ? PassOver<long>(list) : PassOver<int>(list);
  } else if (IsIn(c.kind, "eEfFgGaA")) {
    c.length == Length::kLongDouble ? PassOver<long double>(list) : PassOver<double>(list);
  } else if (IsIn(c.kind, "sS")) {
    const void* const text = va_arg(list, void*);
    if (text == nullptr) return true;
    if (wide)
      ReadString(caller, static_cast<const wchar_t*>(text), c.precision);
    else
      ReadString(caller, static_cast<const char*>(text), c.precision);
  } else if (c.kind == 'p') {
    va_arg(list, void*);
  } else if (c.kind == 'n') {
    caller.Write(va_arg(list, void*), SizeOfInteger(c.length));
  } else {
    return IsIn(c.kind, "%m");
  }
  return true;
}

struct ScanConversion {
  bool stored;
  bool allocated;
  u32 width;  // 0 if none is said
  Length length;
  char kind;
};

// Behind the set that `at` begins.
const char* PastSet(const char* at) {
  at++;
  if (*at == '^') at++;
  if (*at == ']') at++;
  while (*at != 0 && *at != ']') at++;
  return at;
}

// After the '%'; `at` is left at its last character.
ScanConversion NextScanned(const char*& at, bool gnu) {
  ScanConversion c = {true, false, 0, Length::kInt, 0};
  if (*at == '*') c.stored = false, at++;
  while (*at == '\'') at++;
  c.width = Number(at);
  if (*at == 'm' || (gnu && *at == 'a' && IsIn(at[1], "sS["))) c.allocated = true, at++;
  c.length = LengthOf(at);
  c.kind = *at;
  if (c.kind == '[') at = PastSet(at);
  return c;
}

uptr SizeOfScanned(const ScanConversion& c, const void* to) {
  const bool wide = c.length == Length::kLong || IsIn(c.kind, "SC");
  if (c.allocated || c.kind == 'p') return sizeof(void*);
  if (IsIn(c.kind, "diouxXn")) return SizeOfInteger(c.length);
  if (IsIn(c.kind, "eEfFgGaA")) return SizeOfFloat(c.length);
  if (IsIn(c.kind, "cC")) return (c.width == 0 ? 1 : c.width) * (wide ? sizeof(wchar_t) : 1);
  if (!IsIn(c.kind, "sS[")) return 0;
  if (wide) return (LengthAtMost(static_cast<const wchar_t*>(to), kNoLimit) + 1) * sizeof(wchar_t);
  return StringLength(static_cast<const char*>(to)) + 1;
}

}  // namespace

void PrintsArguments(const Caller& caller, const char* format, va_list list) {
  if (!caller) return;
  va_list own;
  va_copy(own, list);
  for (const char* at = format; *at != 0; at++) {
    if (*at != '%') continue;
    at++;
    const PrintConversion c = NextPrinted(at, own);
    if (!TellPrinted(caller, c, own)) break;
  }
  va_end(own);
}

void StoresArguments(const Caller& caller, const char* format, int count, bool gnu, va_list list) {
  if (!caller) return;
  for (const char* at = format; *at != 0 && count > 0; at++) {
    if (*at != '%') continue;
    at++;
    const ScanConversion c = NextScanned(at, gnu);
    if (c.kind == '%') continue;
    if (!c.stored) continue;
    void* const to = va_arg(list, void*);
    const uptr size = SizeOfScanned(c, to);
    if (size == 0 || *at == 0) return;
    caller.Write(to, size);
    if (c.kind != 'n') count--;
  }
}

}  // namespace csan
