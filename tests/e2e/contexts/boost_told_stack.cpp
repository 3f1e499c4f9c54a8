// KIND: data-race
// FLAGS: -lboost_context
// STACK: Count Body
// Goroutines of which the program tells, their stacks too, and which Boost.Context switches: within one a
// context of its own, told of by nobody. A stack that was told of and is switched to untold all the same.
#include <csan/annotate.h>

#include <boost/context/detail/fcontext.hpp>

#include "../support/order.h"

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

constexpr unsigned kFlags = BUG ? 0 : CSAN_ORDERED;
constexpr int kGoroutines = 2;

struct Stack {
  alignas(16) char at[64 << 10];
  fcontext_t Made(void (*body)(transfer_t)) {
    return make_fcontext(at + sizeof(at), sizeof(at), body);
  }
};

Stack stacks[kGoroutines], inner_stacks[kGoroutines], untold_stack;
csan_actor home, actors[kGoroutines];
fcontext_t contexts[kGoroutines];
int data, inner_data[kGoroutines], untold_data;

void Switch(csan_actor to) {
  if (&__csan_actor_switch != nullptr) __csan_actor_switch(to, kFlags);
}
csan_actor Told(Stack& stack) {
  if (&__csan_actor_create == nullptr) return nullptr;
  const csan_actor actor = __csan_actor_create("told");
  __csan_actor_stack(actor, stack.at, sizeof(stack.at));
  return actor;
}

__attribute__((noinline)) void Count() {
  data++;  // RACE
}
__attribute__((noinline)) void Inner(transfer_t t) {
  for (;;) {
    ++*static_cast<int*>(t.data);
    t = jump_fcontext(t.fctx, nullptr);
  }
}
__attribute__((noinline)) void Body(transfer_t t) {
  const int which = *static_cast<int*>(t.data);
  fcontext_t inner = inner_stacks[which].Made(Inner);
  for (;;) {
    Count();
    inner = jump_fcontext(inner, &inner_data[which]).fctx;
    Switch(home);
    t = jump_fcontext(t.fctx, nullptr);
  }
}
__attribute__((noinline)) void Go(int which) {
  Switch(actors[which]);
  contexts[which] = jump_fcontext(contexts[which], &which).fctx;
}

int main() {
  if (&__csan_actor_self != nullptr) home = __csan_actor_self();
  for (int i = 0; i < kGoroutines; i++) {
    actors[i] = Told(stacks[i]);
    contexts[i] = stacks[i].Made(Body);
  }
  const csan_actor untold = Told(untold_stack);
  fcontext_t context = untold_stack.Made(Inner);
  for (int i = 0; i < 1000; i++) {
    Go(i & 1);
    context = jump_fcontext(context, &untold_data).fctx;
  }
  for (const csan_actor actor : actors) {
    if (&__csan_actor_finish != nullptr) __csan_actor_finish(actor);
  }
  if (&__csan_actor_finish != nullptr) __csan_actor_finish(untold);
  return data == 1000 && inner_data[0] + inner_data[1] == 1000 && untold_data == 1000 ? 0 : 3;
}
