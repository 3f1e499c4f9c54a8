// Futures that are made ready when a thread exits (set_value_at_thread_exit and its like). libstdc++, which
// is not instrumented, stores that they are from a callback at the thread's end; whoever waits reads it in
// inlined code. Edge: all that the thread has done until then, destructors of thread-local objects included
// → the waits.
//
// So the callback that the library leaves in its record is replaced by one that releases first. What is
// relied on are parts of the record and of the shared state whose offsets are in the inlined code of every
// program. Cost: a release for each such future.
#include "frontend/real.h"
#include "platform/platform.h"
#include "sync/events.h"

namespace csan {
namespace {

// As in <bits/shared_ptr_base.h> and <future>.
struct Count {
  void* vtable;
  int users;
};
struct State {
  void* vtable;
  void* result;
  u32 status;
};
struct Ready {
  Ready* next;
  void (*run)(void*);
  State* state;  // with `count` a weak pointer
  const Count* count;
};

using Run = void (*)(void*);
constinit Run library_run = nullptr;  // the same for all

void ReleaseAndRun(void* at) {
  const auto* ready = static_cast<const Ready*>(at);
  if (CSAN_LISTENING() && ready->count != nullptr &&
      __atomic_load_n(&ready->count->users, __ATOMIC_RELAXED) != 0) {
    Release(reinterpret_cast<uptr>(&ready->state->status));
  }
  __atomic_load_n(&library_run, __ATOMIC_ACQUIRE)(at);
}

}  // namespace
}  // namespace csan

extern "C" void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(csan::Ready* ready);
CSAN_REAL(_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv)

// This thread will run the callback, so it is not run before it has been replaced.
extern "C" CSAN_INTERFACE void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(
    csan::Ready* ready) {
  real__ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv()(ready);
  __atomic_store_n(&csan::library_run, ready->run, __ATOMIC_RELEASE);
  ready->run = csan::ReleaseAndRun;
}
