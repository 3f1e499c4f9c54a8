// KIND: data-race
// FLAGS: -lboost_context
// EACH: -DUCONTEXT=0 -DUCONTEXT=1
// A goroutine whose stack the program tells of, and of some switches to it: those of one thread are told by
// nobody. Two threads run it in turn, without any order but that. What it does is one sequence all the same,
// and begins after what its maker did. A thread that runs it later is not ordered with it before.
#include <csan/annotate.h>
#include <ucontext.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstdlib>

#include "../support/order.h"

constexpr unsigned long kStack = 128 << 10;
constexpr int kTurns = 6;
alignas(4096) char stack[kStack];
csan_actor goroutine, home;
int parity;  // of the turns that are told
int before, progress;

void Body();

#if UCONTEXT
ucontext_t own, caller;
void Make() {
  getcontext(&own);
  own.uc_stack.ss_sp = stack;
  own.uc_stack.ss_size = kStack;
  own.uc_link = nullptr;
  makecontext(&own, Body, 0);
}
UNSEEN void SwitchTo() { swapcontext(&caller, &own); }
UNSEEN void SwitchBack() { swapcontext(&own, &caller); }
#else
boost::context::detail::fcontext_t own, caller;
UNSEEN void Begin(boost::context::detail::transfer_t t) {
  caller = t.fctx;
  Body();
}
void Make() { own = boost::context::detail::make_fcontext(stack + kStack, kStack, Begin); }
UNSEEN void SwitchTo() { own = boost::context::detail::jump_fcontext(own, nullptr).fctx; }
UNSEEN void SwitchBack() { caller = boost::context::detail::jump_fcontext(caller, nullptr).fctx; }
#endif

UNSEEN void Yield(bool told) {
  if (told) CSAN_TELL(__csan_actor_switch, home, 0u);
  SwitchBack();
}
UNSEEN void Resume(bool told) {
  if (told && &__csan_actor_self != nullptr) home = __csan_actor_self();
  if (told) CSAN_TELL(__csan_actor_switch, goroutine, 0u);
  SwitchTo();
}

void Body() {
  int turns = 0;
  if (before != 1) std::abort();
  for (;; turns++) {
    if (turns != progress) std::abort();
    progress++;  // RACE
    Yield((turns & 1) == parity);
  }
}

void TakeTurns(int first, int step, bool told) {
  for (int i = first; i < kTurns; i += 2) {
    AwaitStep(step + i);
    if (BUG && i == 1) progress = 1;  // RACE
    Resume(told);
    ReachStep(step + i + 1);
  }
}
void Run(int told_parity) {
  parity = told_parity;
  const int step = 10 + 10 * parity;
  before = progress = 0;
  std::thread telling(TakeTurns, parity, step, true);
  std::thread silent(TakeTurns, 1 - parity, step, false);
  before = 1;
  goroutine = &__csan_actor_create != nullptr ? __csan_actor_create("worker") : nullptr;
  CSAN_TELL(__csan_actor_stack, goroutine, stack, kStack);
  Make();
  ReachStep(step);
  telling.join();
  silent.join();
  CSAN_TELL(__csan_actor_finish, goroutine);
}

int main() {
  Run(0);
  Run(1);
  return 0;
}
