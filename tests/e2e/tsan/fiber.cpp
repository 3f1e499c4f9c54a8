// KIND: data-race
// Fibers on one thread: a switch orders, unless it is told not to. A fiber goes on on another thread.
#include <sanitizer/tsan_interface.h>
#include <ucontext.h>

#include "../support/order.h"

constexpr unsigned kFlags = BUG ? __tsan_switch_to_fiber_no_sync : 0;

ucontext_t home, away;
void* home_fiber;
void* away_fiber;
alignas(16) char stack[256 << 10];
int data, other;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}

void Back() {
  __tsan_switch_to_fiber(home_fiber, kFlags);
  swapcontext(&away, &home);
}
void Run() {
  for (int i = 0; i < 3; i++) {
    Count();
    other++;
    Back();
  }
  __tsan_switch_to_fiber(home_fiber, kFlags);
}
void Go() {
  home_fiber = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(away_fiber, kFlags);
  swapcontext(&home, &away);
}

int main() {
  away_fiber = __tsan_create_fiber(0);
  __tsan_set_fiber_name(away_fiber, "away");
  getcontext(&away);
  away.uc_stack.ss_sp = stack;
  away.uc_stack.ss_size = sizeof(stack);
  away.uc_link = &home;
  makecontext(&away, Run, 0);
  Go();
  Count();
  Go();
  if (!BUG) {
    std::thread([] { Go(); }).join();
    // Ends on this thread, by the link.
    Go();
  }
  __tsan_destroy_fiber(away_fiber);
  for (int i = 0; i < 1000; i++) __tsan_destroy_fiber(__tsan_create_fiber(0));
  return data == (BUG ? 3 : 4) ? 0 : 3;
}
