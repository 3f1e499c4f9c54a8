// KIND: deadlock
// EACH: -DTOLD=0 -DTOLD=1
// ACTOR: fiber
// Two fibers on two threads take locks in opposite orders, made by swapcontext or told of by TSan's
// interface, while a third thread goes on; they were made elsewhere.
#include <sanitizer/tsan_interface.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex left;
std::mutex right;
std::atomic<bool> done;

struct Fiber {
  ucontext_t own;
  ucontext_t caller;
  void* told;
  void* told_caller;
  alignas(16) char stack[128 << 10];
};
Fiber fibers[2];

void Work(int which) {
  {
    const bool turned = BUG && which == 1;
    std::lock_guard first(turned ? right : left);  // RACE
    if (BUG) ReachStep(which + 1);
    if (BUG) AwaitStep(2);
    LastStep();
    std::lock_guard second(turned ? left : right);  // RACE
  }
  Fiber& fiber = fibers[which];
  if (TOLD) __tsan_switch_to_fiber(fiber.told_caller, 0);
  swapcontext(&fiber.own, &fiber.caller);
}

void Run(int which) {
  if (BUG && which == 1) AwaitStep(1);
  Fiber& fiber = fibers[which];
  if (TOLD) {
    fiber.told_caller = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber.told, 0);
  }
  swapcontext(&fiber.caller, &fiber.own);
}

int main() {
  for (int i = 0; i < 2; i++) {
    getcontext(&fibers[i].own);
    fibers[i].own.uc_stack.ss_sp = fibers[i].stack;
    fibers[i].own.uc_stack.ss_size = sizeof(fibers[i].stack);
    makecontext(&fibers[i].own, reinterpret_cast<void (*)()>(Work), 1, i);  // MADE
    if (TOLD) fibers[i].told = __tsan_create_fiber(0);  // MADE
  }
  std::thread busy([] {
    while (!done) usleep(1000);
  });
  std::thread a(Run, 0);
  std::thread b(Run, 1);
  a.join();
  b.join();
  done = true;
  busy.join();
}
