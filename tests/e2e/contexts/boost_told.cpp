// KIND: data-race
// FLAGS: -lboost_context
// STACK: Count Body
// A program that tells of the switches that it makes by Boost.Context: they are not taken twice. Fibers
// of one thread between which it says that there is no order race.
#include <sanitizer/tsan_interface.h>

#include <boost/context/detail/fcontext.hpp>

#include "../support/order.h"

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

constexpr unsigned kFlags = BUG ? __tsan_switch_to_fiber_no_sync : 0;

alignas(16) char stacks[2][128 << 10];
void* home;
void* fibers[2];
fcontext_t contexts[2];
int data;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}
__attribute__((noinline)) void Body(transfer_t t) {
  for (;;) {
    Count();
    __tsan_switch_to_fiber(home, kFlags);
    t = jump_fcontext(t.fctx, nullptr);
  }
}
__attribute__((noinline)) void Go(int which) {
  __tsan_switch_to_fiber(fibers[which], kFlags);
  contexts[which] = jump_fcontext(contexts[which], nullptr).fctx;
}

int main() {
  home = __tsan_get_current_fiber();
  for (int i = 0; i < 2; i++) {
    fibers[i] = __tsan_create_fiber(0);
    contexts[i] = make_fcontext(stacks[i] + sizeof(stacks[i]), sizeof(stacks[i]), Body);
  }
  for (int i = 0; i < 1000; i++) Go(i & 1);
  for (void* fiber : fibers) __tsan_destroy_fiber(fiber);
  return data == 1000 ? 0 : 3;
}
