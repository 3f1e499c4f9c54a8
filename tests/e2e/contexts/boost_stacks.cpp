// KIND: data-race
// FLAGS: -lboost_context
// STACK: Count Leaf Middle Body
// Each context has its own stack of calls after many switches, among them many that never come back, on
// stacks of memory that is used again and again by two threads.
#include <boost/context/detail/fcontext.hpp>

#include <mutex>

#include "../support/order.h"

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::ontop_fcontext;
using boost::context::detail::transfer_t;

struct Stack {
  alignas(16) char room[64 << 10];
};
Stack pool[4];
std::mutex mutex;
int data;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}
__attribute__((noinline)) transfer_t OnTop(transfer_t t) {
  volatile int local = 1;
  (void)local;
  return t;
}
__attribute__((noinline)) fcontext_t Leaf(fcontext_t caller, int n) {
  if (n > 0) caller = jump_fcontext(caller, nullptr).fctx;
  if (n == 99) {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    Count();
  }
  return caller;
}
__attribute__((noinline)) fcontext_t Middle(fcontext_t caller) {
  for (int i = 0; i < 100; i++) caller = Leaf(caller, i);
  return caller;
}
__attribute__((noinline)) void Body(transfer_t t) {
  fcontext_t caller = t.fctx;
  for (;;) caller = Middle(caller);
}

__attribute__((noinline)) void Work(Stack* stacks) {
  for (int round = 0; round < 20; round++) {
    fcontext_t c[2];
    for (int i = 0; i < 2; i++) {
      c[i] = make_fcontext(stacks[i].room + sizeof(Stack), sizeof(Stack), Body);
    }
    for (int i = 0; i < 250; i++) {
      fcontext_t& now = c[i & 1];
      now = (i % 7 == 6 ? ontop_fcontext(now, nullptr, OnTop) : jump_fcontext(now, nullptr)).fctx;
    }
  }
}

int main() {
  InTurn([] { Work(pool); }, [] { Work(pool); });
}
