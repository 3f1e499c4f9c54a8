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

const char* BaseName(const char* path) {
  const char* slash = StrRChr(path, '/');
  return slash == nullptr ? path : slash + 1;
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

// Whether `pattern` matches a prefix of `text`. Only the last star is ever tried again: what an earlier
// one might match more of, the last one can match as well. So the cost is at most the product of the
// lengths.
bool MatchHere(const char* pattern, const char* text) {
  const char* star = nullptr;
  const char* resume = nullptr;
  for (;;) {
    const bool at_end = *pattern == '$' && pattern[1] == 0;
    if (*pattern == 0 || (at_end && *text == 0)) return true;
    if (*pattern == '*') {
      star = ++pattern;
      resume = text;
    } else if (!at_end && *text != 0 && *pattern == *text) {
      pattern++, text++;
    } else {
      if (star == nullptr || *resume == 0) return false;
      pattern = star;
      text = ++resume;
    }
  }
}

}  // namespace

bool TemplateMatch(const char* pattern, const char* text) {
  if (*pattern == 0) return false;
  if (*pattern == '^') return MatchHere(pattern + 1, text);
  for (;; text++) {
    if (MatchHere(pattern, text)) return true;
    if (*text == 0) return false;
  }
}

}  // namespace csan
