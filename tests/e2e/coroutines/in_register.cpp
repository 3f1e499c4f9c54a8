// KIND: coroutine-leak
// The only pointer to a frame is in a vector register of another thread, as in the midst of a move.
#include <csan/annotate.h>

#include "../support/coroutine.h"

Parked event;

Detached Wait() {
  co_await event;  // RACE
}

UNSEEN void Start() { Wait(); }

// Until step 2.
UNSEEN void Hold(Parked* from) {
  __asm__ volatile(
      "movq (%1), %%xmm7\n"
      "movq $0, (%1)\n"
      "movl $1, (%0)\n"
      "1: pause\n"
      "cmpl $2, (%0)\n"
      "jl 1b\n"
      "movq %%xmm7, (%1)\n"
      :
      : "r"(&order_now), "r"(from)
      : "xmm7", "memory", "cc");
}

int main() {
  Start();
  if (BUG) event.handle = nullptr;
  std::thread other([] { Hold(&event); });
  AwaitStep(1);
  WipeStack();
  const int found = csan_check_leaks();
  ReachStep(2);
  other.join();
  if (event.handle) event.handle.resume();
  return found == BUG ? 0 : 3;
}
