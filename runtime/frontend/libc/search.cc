// More functions that search, split and compare strings, and what they certainly access. No edges.
#include <stddef.h>

#include "frontend/libc/text.h"
#include "frontend/real.h"

// <string.h> overloads some of these in C++.
extern "C" {
size_t strcspn(const char* s, const char* set);
size_t strspn(const char* s, const char* set);
char* strpbrk(const char* s, const char* set);
char* strcasestr(const char* s, const char* part);
void* memmem(const void* s, size_t size, const void* part, size_t part_size);
char* strchrnul(const char* s, int c);
void* rawmemchr(const void* s, int c);
char* strtok_r(char* s, const char* set, char** rest);
char* __strtok_r(char* s, const char* set, char** rest);
char* strsep(char** rest, const char* set);
int strcoll(const char* a, const char* b);
size_t strxfrm(char* to, const char* from, size_t size);
char* stpncpy(char* to, const char* from, size_t size);
void* memccpy(void* to, const void* from, int c, size_t size);
void explicit_bzero(void* at, size_t size);
void bzero(void* at, size_t size);
void bcopy(const void* from, void* to, size_t size);
void* memset(void* to, int c, size_t size);
void* memmove(void* to, const void* from, size_t size);
}

CSAN_REAL(strcspn)
CSAN_REAL(strspn)
CSAN_REAL(strpbrk)
CSAN_REAL(strcasestr)
CSAN_REAL(memmem)
CSAN_REAL(strchrnul)
CSAN_REAL(rawmemchr)
CSAN_REAL(strtok_r)
CSAN_REAL(strsep)
CSAN_REAL(strcoll)
CSAN_REAL(strxfrm)
CSAN_REAL(stpncpy)
CSAN_REAL(memccpy)
CSAN_REAL(explicit_bzero)
CSAN_REAL(memset)
CSAN_REAL(memmove)

namespace {

using csan::Caller;
using csan::ReadString;
using csan::StringLength;
using csan::uptr;

uptr Distance(const void* from, const void* to) {
  return static_cast<uptr>(static_cast<const char*>(to) - static_cast<const char*>(from));
}

// Up to `found`, or all of the string.
void ReadUpTo(const Caller& caller, const char* s, const char* found, uptr more) {
  if (caller) caller.Read(s, found != nullptr ? Distance(s, found) + more : StringLength(s) + 1);
}

// With the character that ends the span.
size_t Spanned(const Caller& caller, const char* s, const char* set, size_t n) {
  ReadString(caller, set);
  caller.Read(s, n + 1);
  return n;
}

char* NextToken(const Caller& caller, char* s, const char* set, char** rest) {
  char* const at = s != nullptr ? s : *rest;
  char* const token = real_strtok_r()(s, set, rest);
  if (caller && at != nullptr) {
    ReadString(caller, set);
    caller.Write(at, Distance(at, *rest));
  }
  return token;
}

}  // namespace

extern "C" {

CSAN_INTERFACE size_t strcspn(const char* s, const char* set) {
  return Spanned(CSAN_CALLER(), s, set, real_strcspn()(s, set));
}
CSAN_INTERFACE size_t strspn(const char* s, const char* set) {
  return Spanned(CSAN_CALLER(), s, set, real_strspn()(s, set));
}
CSAN_INTERFACE char* strpbrk(const char* s, const char* set) {
  char* const found = real_strpbrk()(s, set);
  const Caller caller = CSAN_CALLER();
  ReadString(caller, set);
  ReadUpTo(caller, s, found, 1);
  return found;
}
CSAN_INTERFACE char* strcasestr(const char* s, const char* part) {
  char* const found = real_strcasestr()(s, part);
  if (const Caller caller = CSAN_CALLER()) {
    ReadString(caller, part);
    ReadUpTo(caller, s, found, StringLength(part));
  }
  return found;
}
CSAN_INTERFACE void* memmem(const void* s, size_t size, const void* part, size_t part_size) {
  void* const found = real_memmem()(s, size, part, part_size);
  const Caller caller = CSAN_CALLER();
  if (part_size <= size) {
    caller.Read(part, part_size);
    caller.Read(s, found != nullptr ? Distance(s, found) + part_size : size);
  }
  return found;
}
CSAN_INTERFACE char* strchrnul(const char* s, int c) {
  char* const found = real_strchrnul()(s, c);
  CSAN_CALLER().Read(s, Distance(s, found) + 1);
  return found;
}
CSAN_INTERFACE void* rawmemchr(const void* s, int c) {
  void* const found = real_rawmemchr()(s, c);
  CSAN_CALLER().Read(s, Distance(s, found) + 1);
  return found;
}

CSAN_INTERFACE char* strtok_r(char* s, const char* set, char** rest) {
  return NextToken(CSAN_CALLER(), s, set, rest);
}
CSAN_INTERFACE char* __strtok_r(char* s, const char* set, char** rest) {
  return NextToken(CSAN_CALLER(), s, set, rest);
}
CSAN_INTERFACE char* strsep(char** rest, const char* set) {
  char* const token = real_strsep()(rest, set);
  const Caller caller = CSAN_CALLER();
  caller.Write(rest, sizeof(*rest));
  if (caller && token != nullptr) {
    ReadString(caller, set);
    const uptr length = StringLength(token);
    caller.Read(token, length + 1);
    if (*rest != nullptr) caller.Write(token + length, 1);
  }
  return token;
}

CSAN_INTERFACE int strcoll(const char* a, const char* b) {
  const Caller caller = CSAN_CALLER();
  ReadString(caller, a);
  ReadString(caller, b);
  return real_strcoll()(a, b);
}
CSAN_INTERFACE size_t strxfrm(char* to, const char* from, size_t size) {
  const size_t n = real_strxfrm()(to, from, size);
  const Caller caller = CSAN_CALLER();
  ReadString(caller, from);
  if (n < size) caller.Write(to, n + 1);
  return n;
}
CSAN_INTERFACE char* stpncpy(char* to, const char* from, size_t size) {
  csan::CopiesPart(CSAN_CALLER(), to, from, size);
  return real_stpncpy()(to, from, size);
}
CSAN_INTERFACE void* memccpy(void* to, const void* from, int c, size_t size) {
  void* const end = real_memccpy()(to, from, c, size);
  csan::Copies(CSAN_CALLER(), to, from, end != nullptr ? Distance(to, end) : size);
  return end;
}

CSAN_INTERFACE void explicit_bzero(void* at, size_t size) {
  CSAN_CALLER().Write(at, size);
  real_explicit_bzero()(at, size);
}
CSAN_INTERFACE void bzero(void* at, size_t size) {
  CSAN_CALLER().Write(at, size);
  real_memset()(at, 0, size);
}
CSAN_INTERFACE void bcopy(const void* from, void* to, size_t size) {
  csan::Copies(CSAN_CALLER(), to, from, size);
  real_memmove()(to, from, size);
}
}
