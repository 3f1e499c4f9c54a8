// KIND: data-race
// STACK: Count Deep
// A context goes on on another thread, without any order but that it was suspended before: what it did is
// ordered before what it does, and its stack is its own. Contexts of two threads are not ordered.
#include <ucontext.h>

#include "../support/order.h"

struct Context {
  ucontext_t own;
  ucontext_t caller;
  int local_count;
  alignas(16) char stack[128 << 10];
};
Context contexts[2];
int data;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}
__attribute__((noinline)) void Deep(Context* c, int n) {
  if (n == 0) {
    c->local_count++;
    swapcontext(&c->own, &c->caller);
    Count();
    c->local_count++;
    return;
  }
  Deep(c, n - 1);
  c->local_count += 0;
}
void Run(unsigned low, unsigned high) {
  auto* c = reinterpret_cast<Context*>(static_cast<unsigned long>(high) << 32 | low);
  for (int i = 0; i < 2; i++) Deep(c, 5);
}
void Make(Context* c) {
  getcontext(&c->own);
  c->own.uc_stack.ss_sp = c->stack;
  c->own.uc_stack.ss_size = sizeof(c->stack);
  c->own.uc_link = &c->caller;
  const auto address = reinterpret_cast<unsigned long>(c);
  makecontext(&c->own, reinterpret_cast<void (*)()>(Run), 2, static_cast<unsigned>(address),
              static_cast<unsigned>(address >> 32));
}
__attribute__((noinline)) void Go(Context* c) { swapcontext(&c->caller, &c->own); }

int main() {
  Context* const first = &contexts[0];
  Context* const second = &contexts[BUG];
  Make(first);
  if (BUG) Make(second);
  InTurn(
      [=] {
        Go(first);
        Go(first);
      },
      [=] {
        Go(second);
        if (BUG) Go(second);
      });
  return second->local_count >= 3 ? 0 : 3;
}
