// A check for each intercepted function. A case has a first and a second half, for two threads; they run one
// after the other without an order that counts (the bug), or with one (the clean twin).
//
//   ACCESS("names", touched, call)       the call accesses what the first thread has written: the bug must be
//                                        found; clean, the first thread has been joined before
//   ORDER("names", send, receive)        send is ordered before receive: clean; the bug leaves both out
//
// The names are those of the functions checked; tests/tidy/interceptors.py looks for them. usage of a
// program: PROGRAM bug|clean; it prints a line for each case that fails.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <csan/report.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline))

enum class Kind { kAccess, kOrder };

struct Case {
  const char* names;
  Kind kind;
  void (*first)();
  void (*second)();
  Case* next;
  Case(const char* n, Kind k, void (*f)(), void (*s)());
};

inline Case* cases;
inline Case** last_case = &cases;
inline Case::Case(const char* n, Kind k, void (*f)(), void (*s)())
    : names(n), kind(k), first(f), second(s), next(nullptr) {
  *last_case = this;
  last_case = &next;
}

inline bool bug;
inline int data;
inline volatile long sink;
static int reports;  // written by whoever reports, seen by nobody
static int step;

UNSEEN static int Reports() { return __atomic_load_n(&reports, __ATOMIC_RELAXED); }
UNSEEN static void SetStep(int n) { __atomic_store_n(&step, n, __ATOMIC_RELEASE); }
UNSEEN static void AwaitStep(int n) {
  while (__atomic_load_n(&step, __ATOMIC_ACQUIRE) < n) sched_yield();
}
extern "C" UNSEEN void __csan_on_report(const char*) {
  __atomic_fetch_add(&reports, 1, __ATOMIC_RELAXED);
}

// What is written is what was there. Inlined: the line is the case's.
__attribute__((always_inline)) inline void Touch(const volatile void* at) {
  auto* p = static_cast<volatile char*>(const_cast<volatile void*>(at));
  *p = *p;
}
// Not the last thing in a function: the caller of what is before must be this file.
__attribute__((always_inline)) inline void Stay() { __asm__ volatile("" ::: "memory"); }

// Calls a function that takes a list.
template <typename Call>
static void Listed(Call call, ...) {
  va_list list;
  va_start(list, call);
  call(list);
  va_end(list);
}

[[noreturn]] UNSEEN inline void Fail(const char* what) {
  perror(what);
  _exit(3);
}
#define MUST(condition) \
  if (!(condition)) Fail(#condition)

#define CASE_NAME_(line) case_##line
#define CASE_NAME(line) CASE_NAME_(line)
#define ACCESS(names, touched, ...)                                             \
  static Case CASE_NAME(__COUNTER__)(names, Kind::kAccess, [] { Touch(touched); }, \
                                     [] { __VA_ARGS__; Stay(); });
#define ORDER(names, send, ...)                                                       \
  static Case CASE_NAME(__COUNTER__)(names, Kind::kOrder,                             \
                                     [] {                                             \
                                       data = 1;                                      \
                                       if (!bug) {                                    \
                                         send;                                        \
                                       }                                              \
                                       Stay();                                        \
                                     },                                               \
                                     [] {                                             \
                                       if (!bug) {                                    \
                                         __VA_ARGS__;                                 \
                                       }                                              \
                                       data = 2;                                      \
                                       Stay();                                        \
                                     });

namespace order {

inline Case* now;

static void* First(void*) {
  now->first();
  SetStep(1);
  return nullptr;
}
static void* Second(void*) {
  AwaitStep(1);
  now->second();
  return nullptr;
}

// True if the case did as it should.
inline bool Run(Case* c) {
  now = c;
  SetStep(0);
  const int before = Reports();
  const bool joined_between = !bug && c->kind != Kind::kOrder;
  pthread_t a;
  pthread_t b;
  MUST(pthread_create(&a, nullptr, First, nullptr) == 0);
  if (joined_between) pthread_join(a, nullptr);
  MUST(pthread_create(&b, nullptr, Second, nullptr) == 0);
  if (!joined_between) pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  const bool found = Reports() != before;
  return found == bug;
}

}  // namespace order

int main(int argc, char** argv) {
  bug = argc > 1 && strcmp(argv[1], "bug") == 0;
  const char* only = argc > 2 ? argv[2] : nullptr;
  int failed = 0;
  int count = 0;
  for (Case* c = cases; c != nullptr; c = c->next) {
    if (only != nullptr && strstr(c->names, only) == nullptr) continue;
    count++;
    if (getenv("CASE_NAMES") != nullptr) fprintf(stderr, "%s\n", c->names);
    if (order::Run(c)) continue;
    failed++;
    fprintf(stderr, "%s: %s\n", bug ? "missed" : "accused", c->names);
  }
  fprintf(stderr, "%d cases, %d failed\n", count, failed);
  exit(failed != 0 || count == 0 ? 1 : 0);
}
