// Accounts with a lock each, and two clerks of whom the second waits until the first has gone home: by a
// glance at the clock, which orders nothing.
#pragma once

#include <sched.h>

#include <mutex>
#include <thread>

struct Account {
  explicit Account(long opening) : balance(opening) {
    static int last = 0;
    number = ++last;
  }
  std::mutex mutex;
  long balance;
  int number;
};

inline bool first_is_done = false;

__attribute__((disable_sanitizer_instrumentation, noinline)) inline void GoHome() {
  __atomic_store_n(&first_is_done, true, __ATOMIC_RELEASE);
}
__attribute__((disable_sanitizer_instrumentation, noinline)) inline void AwaitFirst() {
  while (!__atomic_load_n(&first_is_done, __ATOMIC_ACQUIRE)) sched_yield();
}

template <typename First, typename Second>
void OneAfterAnother(First first, Second second) {
  std::thread one([=] {
    first();
    GoHome();
  });
  std::thread two([=] {
    AwaitFirst();
    second();
  });
  one.join();
  two.join();
}
