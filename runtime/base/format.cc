#include "base/format.h"

namespace csan {

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
    } else {
      Put(*s);
    }
  }
  return Put('"');
}

}  // namespace csan
