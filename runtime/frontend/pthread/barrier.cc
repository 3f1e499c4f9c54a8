// Barriers: everything before a wait is ordered before everything after any wait of the same round.
// Two clocks by turns: an actor that races ahead into the next round must not be learnt from by one
// that still leaves this one.
#include <pthread.h>

#include "actor/waiting.h"
#include "base/spin_lock.h"
#include "detect/misuse/in_use.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(pthread_barrier_init)
CSAN_REAL(pthread_barrier_destroy)
CSAN_REAL(pthread_barrier_wait)

namespace {

using csan::uptr;

// Arrivals so far, kept beside the barrier's address: glibc's layout is not public.
struct Arrivals {
  uptr barrier;
  csan::u32 size;
  csan::u64 arrived;
};
constexpr csan::u32 kMax = 4096;
constinit Arrivals table[kMax] = {};
constinit csan::SpinLock table_lock;

Arrivals* Find(uptr barrier) {
  Arrivals* free_entry = nullptr;
  for (Arrivals& a : table) {
    if (a.barrier == barrier) return &a;
    if (a.barrier == 0) return free_entry != nullptr ? free_entry : &a;
    if (a.barrier == 1 && free_entry == nullptr) free_entry = &a;
  }
  return free_entry;
}

// The clock of the round that the caller enters now.
uptr RoundClock(uptr barrier) {
  csan::SpinGuard guard(table_lock);
  Arrivals* a = Find(barrier);
  if (a == nullptr || a->barrier != barrier || a->size == 0) return barrier;
  return barrier + (a->arrived++ / a->size) % 2;
}

// Whether some have come of a round for which others have not.
bool RoundIsOpen(uptr barrier) {
  csan::SpinGuard guard(table_lock);
  const Arrivals* a = Find(barrier);
  return a != nullptr && a->barrier == barrier && a->size != 0 && a->arrived % a->size != 0;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int pthread_barrier_init(pthread_barrier_t* b, const pthread_barrierattr_t* attr,
                                        unsigned count) {
  const uptr addr = reinterpret_cast<uptr>(b);
  if (CSAN_LISTENING()) {
    if (RoundIsOpen(addr)) csan::CheckBarrierMadeAnew(addr, sizeof(*b), CSAN_CALLER_PC());
    csan::OnSyncObjectReset(addr, sizeof(*b));
    csan::SpinGuard guard(table_lock);
    if (Arrivals* a = Find(addr)) *a = {addr, count, 0};
  }
  return real_pthread_barrier_init()(b, attr, count);
}

CSAN_INTERFACE int pthread_barrier_destroy(pthread_barrier_t* b) {
  const uptr addr = reinterpret_cast<uptr>(b);
  if (CSAN_LISTENING() && RoundIsOpen(addr)) {
    csan::CheckBarrierDestroyed(addr, sizeof(*b), CSAN_CALLER_PC());
  }
  const int result = real_pthread_barrier_destroy()(b);
  if (result == 0 && CSAN_LISTENING()) {
    csan::OnSyncObjectReset(addr, sizeof(*b));
    csan::SpinGuard guard(table_lock);
    if (Arrivals* a = Find(addr); a != nullptr && a->barrier == addr) *a = {1, 0, 0};
  }
  return result;
}

CSAN_INTERFACE int pthread_barrier_wait(pthread_barrier_t* b) {
  if (!CSAN_LISTENING()) return real_pthread_barrier_wait()(b);
  const uptr clock = RoundClock(reinterpret_cast<uptr>(b));
  csan::Release(clock);
  int result;
  {
    const csan::Waiting waiting(csan::Wait::For::kBarrier, reinterpret_cast<uptr>(b),
                                CSAN_CALLER_PC());
    result = real_pthread_barrier_wait()(b);
  }
  csan::Acquire(clock);
  return result;
}
}
