#include "base/format.h"

namespace csan {
namespace {

// The length of the UTF-8 sequence at `s`; 0 if there is none (the table of Unicode 15, 3.9, which
// leaves out surrogates, longer forms and what lies above 0x10FFFF).
u32 Utf8Length(const char* s) {
  const u8 first = static_cast<u8>(s[0]);
  if (first < 0x80) return 1;
  const u32 n = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
  if (n == 4 && (first < 0xF0 || first > 0xF4)) return 0;
  for (u32 i = 1; i < n; i++) {
    if ((static_cast<u8>(s[i]) & 0xC0) != 0x80) return 0;  // the end too
  }
  const u8 second = static_cast<u8>(s[1]);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return n;
}

}  // namespace

Text& Text::Put(char c) {
  if (size_ + 1 < capacity_) {
    buffer_[size_++] = c;
    buffer_[size_] = 0;
  }
  return *this;
}

Text& Text::Str(const char* s) {
  while (*s != 0) Put(*s++);
  return *this;
}

Text& Text::Dec(u64 value) {
  char digits[24];
  int n = 0;
  do {
    digits[n++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (n > 0) Put(digits[--n]);
  return *this;
}

Text& Text::Hex(u64 value) {
  Str("0x");
  int shift = 60;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) Put("0123456789abcdef"[(value >> shift) & 15]);
  return *this;
}

Text& Text::Json(const char* s) {
  Put('"');
  for (; *s != 0; s++) {
    const u8 c = static_cast<u8>(*s);
    if (c == '"' || c == '\\') {
      Put('\\').Put(*s);
    } else if (c < 0x20) {
      Str("\\u00").Put("0123456789abcdef"[c >> 4]).Put("0123456789abcdef"[c & 15]);
    } else if (u32 n = Utf8Length(s); n == 0) {
      Str("\\ufffd");
    } else {
      for (; n > 1; n--) Put(*s++);
      Put(*s);
    }
  }
  return Put('"');
}

}  // namespace csan
