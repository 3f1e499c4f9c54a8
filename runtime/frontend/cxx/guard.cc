// Initialisation of function-local statics. Edge: end of the initialisation → every later pass of the
// guard, also through the inlined acquire load of the guard byte.
#include "actor/waiting.h"
#include "frontend/real.h"
#include "sync/events.h"
#include "sync/initialiser.h"

extern "C" {
int __cxa_guard_acquire(csan::u64* guard);
void __cxa_guard_release(csan::u64* guard);
void __cxa_guard_abort(csan::u64* guard);
}

CSAN_REAL(__cxa_guard_acquire)
CSAN_REAL(__cxa_guard_release)
CSAN_REAL(__cxa_guard_abort)

using csan::uptr;

static int AcquireOrWait(csan::u64* guard, uptr pc) {
  const csan::u32 by = csan::InitialiserOf(reinterpret_cast<uptr>(guard));
  // Who comes back to its own is told by an exception.
  if (by == csan::Wait::kNobody || by == csan::Self()->id) return real___cxa_guard_acquire()(guard);
  const csan::Waiting waiting(csan::Wait::For::kOnce, reinterpret_cast<uptr>(guard), pc, by);
  return real___cxa_guard_acquire()(guard);
}

extern "C" {

CSAN_INTERFACE int __cxa_guard_acquire(csan::u64* guard) {
  if (!CSAN_LISTENING()) return real___cxa_guard_acquire()(guard);
  const int first = AcquireOrWait(guard, CSAN_CALLER_PC());
  if (first == 0) {
    csan::Acquire(reinterpret_cast<uptr>(guard));
  } else {
    csan::BeginInitialisation(reinterpret_cast<uptr>(guard));
  }
  return first;
}

CSAN_INTERFACE void __cxa_guard_release(csan::u64* guard) {
  if (CSAN_LISTENING()) {
    csan::Release(reinterpret_cast<uptr>(guard));
    csan::EndInitialisation(reinterpret_cast<uptr>(guard));
  }
  real___cxa_guard_release()(guard);
}

// The initialiser has thrown: the next one tries again.
CSAN_INTERFACE void __cxa_guard_abort(csan::u64* guard) {
  if (CSAN_LISTENING()) csan::EndInitialisation(reinterpret_cast<uptr>(guard));
  real___cxa_guard_abort()(guard);
}
}
