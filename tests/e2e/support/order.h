// Orders threads without telling anyone: raw atomics in functions that no sanitizer instruments, so
// no happens-before edge comes of it. With it a test forces the interleaving it is about.
#pragma once

#include <sched.h>

#ifdef __clang__
#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline))
#else
#define UNSEEN __attribute__((no_sanitize("thread"), noinline))
#endif

#ifdef __cplusplus
extern "C" {
#endif

static int order_now;

// Waits until step n has come.
UNSEEN static inline void AwaitStep(int n) {
  while (__atomic_load_n(&order_now, __ATOMIC_ACQUIRE) < n) sched_yield();
}
// Declares that step n has come.
UNSEEN static inline void ReachStep(int n) {
  int now = __atomic_load_n(&order_now, __ATOMIC_RELAXED);
  while (now < n && !__atomic_compare_exchange_n(&order_now, &now, n, 0, __ATOMIC_RELEASE,
                                                 __ATOMIC_RELAXED)) {
  }
}

#ifdef __cplusplus
}

#include <thread>

// What functions that have returned left on the stack.
UNSEEN inline void WipeStack() {
  volatile char stack[8192];
  for (char volatile& c : stack) c = 0;
}

// Runs first, then second, on two threads, without an order between them that counts.
template <typename First, typename Second>
void InTurn(First first, Second second) {
  std::thread a([&] {
    first();
    ReachStep(1000);
  });
  std::thread b([&] {
    AwaitStep(1000);
    second();
  });
  a.join();
  b.join();
}

#ifdef BUG
// The second access follows the first by the order that send and receive make; the bug leaves them out.
template <typename First, typename Send, typename Receive, typename Second>
void HandOver(First first, Send send, Receive receive, Second second) {
  InTurn(
      [=] {
        first();
        if (!BUG) send();
      },
      [=] {
        if (!BUG) receive();
        second();
      });
}
#endif
#endif
