// KIND: data-race
// Stacks in reports stay right after a million jumps and exceptions, also out of handlers.
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <atomic>
#include <mutex>

#include "../support/order.h"

std::mutex mutex;
std::atomic<int> depth;
int counter;
thread_local jmp_buf place;
thread_local sigjmp_buf signal_place;

__attribute__((noinline)) void Jump(int n) {
  depth++;
  if (n > 0) {
    Jump(n - 1);
  } else {
    longjmp(place, 1);
  }
  depth--;
}
__attribute__((noinline)) void Throw(int n) {
  depth++;
  if (n > 0) {
    Throw(n - 1);
  } else {
    throw n;
  }
  depth--;
}
void Handle(int) { siglongjmp(signal_place, 1); }

__attribute__((noinline)) void JumpOften() {
  for (volatile int i = 0; i < 1000000; i = i + 1) {
    if (setjmp(place) == 0) Jump(3);
  }
}

__attribute__((noinline)) void Count() {
#if !BUG
  std::lock_guard guard(mutex);
#endif
  counter++;  // RACE
}

__attribute__((noinline)) void Work() {
  JumpOften();
  for (int i = 0; i < 20000; i++) {
    try {
      Throw(3);
    } catch (int) {
    }
  }
  for (volatile int i = 0; i < 20000; i = i + 1) {
    if (sigsetjmp(signal_place, 1) == 0) raise(SIGUSR1);
  }
  Count();
}

// The overflow of a stack is handled on another one, and jumped out of.
alignas(16) char other[64 << 10];
volatile int deepest;
__attribute__((noinline)) int Overflow(int n) {
  volatile char page[4096];
  page[0] = static_cast<char>(n);
  deepest = n;
  return Overflow(n + 1) + page[0];
}

int main() {
  signal(SIGUSR1, Handle);
  stack_t stack = {};
  stack.ss_sp = other;
  stack.ss_size = sizeof(other);
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = Handle;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  for (volatile int i = 0; i < 3; i = i + 1) {
    if (sigsetjmp(signal_place, 1) == 0) Overflow(0);
  }
  if (deepest < 100) return 2;
  InTurn([] { Work(); }, [] { Work(); });
}
