// std::exception_ptr. Its reference count lives in libstdc++, which is not instrumented, so the order
// it gives is told here: every use of the object before it drops a reference is ordered before the
// last drop, which destroys it.
#include "frontend/real.h"
#include "sync/events.h"

extern "C" {
void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** self);
void _ZNSt15__exception_ptr13exception_ptr9_M_addrefEv(void** self);
}

// Programs without a C++ library do not have these; then nobody calls ours either.
CSAN_REAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)
CSAN_REAL(_ZNSt15__exception_ptr13exception_ptr9_M_addrefEv)

extern "C" {

CSAN_INTERFACE void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** self) {
  if (*self != nullptr && CSAN_LISTENING()) {
    csan::ReleaseAcquire(reinterpret_cast<csan::uptr>(*self));
  }
  real__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv()(self);
}

CSAN_INTERFACE void _ZNSt15__exception_ptr13exception_ptr9_M_addrefEv(void** self) {
  if (*self != nullptr && CSAN_LISTENING()) csan::Acquire(reinterpret_cast<csan::uptr>(*self));
  real__ZNSt15__exception_ptr13exception_ptr9_M_addrefEv()(self);
}
}
