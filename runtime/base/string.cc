#include "base/string.h"

namespace csan {

uptr StrLen(const char* s) {
  uptr n = 0;
  while (s[n] != 0) n++;
  return n;
}

bool StrEq(const char* a, const char* b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

bool StartsWith(const char* s, const char* prefix) {
  for (; *prefix != 0; s++, prefix++) {
    if (*s != *prefix) return false;
  }
  return true;
}

const char* StrFind(const char* text, const char* part) {
  for (;; text++) {
    if (StartsWith(text, part)) return text;
    if (*text == 0) return nullptr;
  }
}

const char* StrRChr(const char* s, char c) {
  const char* found = nullptr;
  for (; *s != 0; s++) {
    if (*s == c) found = s;
  }
  return found;
}

void StrCopy(char* to, const char* from, uptr size) {
  uptr i = 0;
  for (; i + 1 < size && from[i] != 0; i++) to[i] = from[i];
  if (size != 0) to[i] = 0;
}

void MemCopy(void* to, const void* from, uptr size) {
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

void MemFill(void* to, u8 value, uptr size) {
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
}

u32 EditDistance(const char* a, const char* b) {
  constexpr u32 kMax = 64;
  const u32 n = static_cast<u32>(StrLen(b));
  if (n >= kMax) return kMax;
  u32 row[kMax];
  for (u32 j = 0; j <= n; j++) row[j] = j;
  for (u32 i = 0; a[i] != 0; i++) {
    u32 diagonal = row[0];
    row[0] = i + 1;
    for (u32 j = 1; j <= n; j++) {
      const u32 replace = diagonal + (a[i] == b[j - 1] ? 0 : 1);
      const u32 shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      diagonal = row[j];
      row[j] = replace < shorter ? replace : shorter;
    }
  }
  return row[n];
}

namespace {

// Whether `pattern` (up to its end, '*' allowed) matches a prefix of `text`, or all of it.
bool MatchHere(const char* pattern, const char* text, bool whole) {
  for (;;) {
    if (*pattern == 0) return !whole || *text == 0;
    if (*pattern == '$' && pattern[1] == 0) return *text == 0;
    if (*pattern == '*') {
      for (;; text++) {
        if (MatchHere(pattern + 1, text, whole)) return true;
        if (*text == 0) return false;
      }
    }
    if (*pattern != *text) return false;
    pattern++, text++;
  }
}

}  // namespace

bool TemplateMatch(const char* pattern, const char* text) {
  if (*pattern == 0) return false;
  if (*pattern == '^') return MatchHere(pattern + 1, text, false);
  for (;; text++) {
    if (MatchHere(pattern, text, false)) return true;
    if (*text == 0) return false;
  }
}

}  // namespace csan
