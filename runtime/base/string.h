// Strings and memory without libc, whose functions the runtime itself intercepts.
#pragma once

#include "base/types.h"

namespace csan {

uptr StrLen(const char* s);
bool StrEq(const char* a, const char* b);
// Whether `s` begins with `prefix`.
bool StartsWith(const char* s, const char* prefix);
const char* StrFind(const char* text, const char* part);  // null if it is not there
const char* StrRChr(const char* s, char c);
const char* BaseName(const char* path);  // what follows the last slash
// Copies at most size - 1 bytes and terminates.
void StrCopy(char* to, const char* from, uptr size);
void MemCopy(void* to, const void* from, uptr size);
void MemFill(void* to, u8 value, uptr size);
// Number of edits (insert, delete, replace) that make `a` of `b`, for "did you mean"; both < 64.
u32 EditDistance(const char* a, const char* b);
// Sanitizer templates: '*' matches anything, '^' the start, '$' the end; otherwise a substring.
bool TemplateMatch(const char* pattern, const char* text);

}  // namespace csan
