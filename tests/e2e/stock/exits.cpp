// KIND: data-race
// STOCK: clang++-22 g++-12
// STACK: Count Work
// A million frames that exceptions and longjmp left behind: the stack is right again, and never full.
#include <setjmp.h>

#include <mutex>

#include "../support/order.h"

std::mutex mutex;
int counter, depth;
thread_local jmp_buf place;

__attribute__((noinline)) void Jump() {
  volatile int local = 1;
  if (local != 0) longjmp(place, 1);
}
__attribute__((noinline)) void Throw(int n) {
  volatile int local = n;
  if (local == 0) throw n;
  Throw(n - 1);
  local = 0;
}
__attribute__((noinline)) void JumpOften() {
  for (volatile int i = 0; i < 1000000; i = i + 1) {
    if (setjmp(place) == 0) Jump();
  }
}
__attribute__((noinline)) void ThrowOften() {
  for (volatile int i = 0; i < 1000; i = i + 1) {
    try {
      Throw(3);
    } catch (int) {
    }
  }
}

__attribute__((noinline)) void Count() {
#if !BUG
  std::lock_guard<std::mutex> guard(mutex);
#endif
  counter++;  // RACE
}
__attribute__((noinline)) void Work() {
  ThrowOften();
  for (volatile int i = 0; i < 10; i = i + 1) Count();
}

int main() {
  InTurn([] { Work(); }, [] { Work(); });
  // Last: these exits are unmatched.
  JumpOften();
}
