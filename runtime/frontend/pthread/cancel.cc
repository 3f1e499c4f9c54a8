// Asynchronous cancellation must not unwind a thread in the middle of the runtime, with locks held.
// The C library cancels by a signal of its own, whose handler is made to wait as the program's are
// (frontend/signal/). It installs the handler at the first pthread_cancel, so before a thread allows
// asynchronous cancellation a helper is cancelled, in vain: it does not allow it.
//
// Deferred cancellation needs nothing: it takes effect in calls that wait, with nothing locked. No edges:
// who joins a cancelled thread is ordered as ever.
#include <pthread.h>
#include <signal.h>

#include "actor/scope.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "platform/platform.h"

CSAN_REAL(pthread_setcanceltype)
CSAN_REAL(pthread_create)
CSAN_REAL(pthread_cancel)
CSAN_REAL(pthread_join)

namespace csan {
namespace {

constexpr int kCancelSignal = 32;

struct Helper {
  u32 step;  // 1: does not allow cancellation any more; 2: has been cancelled
};

void* Refuse(void* argument) {
  auto* helper = static_cast<Helper*>(argument);
  int old;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
  __atomic_store_n(&helper->step, 1u, __ATOMIC_RELEASE);
  while (__atomic_load_n(&helper->step, __ATOMIC_ACQUIRE) != 2) Yield();
  return nullptr;
}

void PrepareAsynchronous() {
  if (WrapInternalHandler(kCancelSignal)) return;
  RuntimeScope scope;
  int state;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  Helper helper = {0};
  pthread_t thread;
  if (real_pthread_create()(&thread, nullptr, Refuse, &helper) == 0) {
    while (__atomic_load_n(&helper.step, __ATOMIC_ACQUIRE) != 1) Yield();
    real_pthread_cancel()(thread);
    WrapInternalHandler(kCancelSignal);
    __atomic_store_n(&helper.step, 2u, __ATOMIC_RELEASE);
    real_pthread_join()(thread, nullptr);
  }
  pthread_setcancelstate(state, nullptr);
}

}  // namespace
}  // namespace csan

extern "C" CSAN_INTERFACE int pthread_setcanceltype(int type, int* old) {
  if (type == PTHREAD_CANCEL_ASYNCHRONOUS && csan::InitDone()) csan::PrepareAsynchronous();
  return real_pthread_setcanceltype()(type, old);
}
