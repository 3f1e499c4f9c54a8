// Initialisation of function-local statics. Edge: end of the initialisation → every later pass of the
// guard, also through the inlined acquire load of the guard byte.
#include "frontend/real.h"
#include "sync/events.h"

extern "C" {
int __cxa_guard_acquire(csan::u64* guard);
void __cxa_guard_release(csan::u64* guard);
}

CSAN_REAL(__cxa_guard_acquire)
CSAN_REAL(__cxa_guard_release)

extern "C" {

CSAN_INTERFACE int __cxa_guard_acquire(csan::u64* guard) {
  const int first = real___cxa_guard_acquire()(guard);
  if (first == 0 && CSAN_LISTENING()) csan::Acquire(reinterpret_cast<csan::uptr>(guard));
  return first;
}

CSAN_INTERFACE void __cxa_guard_release(csan::u64* guard) {
  if (CSAN_LISTENING()) csan::Release(reinterpret_cast<csan::uptr>(guard));
  real___cxa_guard_release()(guard);
}
}
