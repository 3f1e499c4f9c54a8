// Mutexes and spin locks of every kind. Edge: unlock → the next lock. A recursive mutex counts only at
// its outermost level, which its own owner count tells; a robust mutex whose owner died is acquired.
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "actor/waiting.h"
#include "detect/lock_order/lock_order.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/real.h"
#include "sync/attempts.h"
#include "sync/contention.h"
#include "sync/events.h"

CSAN_REAL(pthread_mutex_lock)
CSAN_REAL(pthread_mutex_trylock)
CSAN_REAL(pthread_mutex_timedlock)
CSAN_REAL(pthread_mutex_clocklock)
CSAN_REAL(pthread_mutex_unlock)
CSAN_REAL(pthread_mutex_init)
CSAN_REAL(pthread_mutex_destroy)
CSAN_REAL(pthread_spin_lock)
CSAN_REAL(pthread_spin_trylock)
CSAN_REAL(pthread_spin_unlock)
CSAN_REAL(pthread_spin_init)
CSAN_REAL(pthread_spin_destroy)

namespace {

using csan::uptr;

uptr Addr(const volatile void* at) { return reinterpret_cast<uptr>(at); }

// As in glibc: the low bits say what a second lock does, bit 4 that the mutex is robust.
int KindOf(const pthread_mutex_t* mutex) { return mutex->__data.__kind & 3; }
bool IsRobust(const pthread_mutex_t* mutex) { return (mutex->__data.__kind & 16) != 0; }

// glibc marks a mutex that is destroyed; one of static storage is valid when it is zero.
bool IsDestroyed(const pthread_mutex_t* mutex) { return mutex->__data.__kind == -1; }

// Whether a lock that answers EINVAL says that this is no mutex: one with a ceiling may mean the caller's
// priority.
bool IsInvalid(int result, const pthread_mutex_t* mutex) {
  constexpr int kCeiling = 64;
  return result == EINVAL && (IsDestroyed(mutex) || (mutex->__data.__kind & kCeiling) == 0);
}

// glibc's own count of nested locks; 1 at the outermost level of a recursive mutex, and for others 0.
bool Outermost(const pthread_mutex_t* mutex) {
  return KindOf(mutex) != PTHREAD_MUTEX_RECURSIVE || mutex->__data.__count <= 1;
}

// Whether unlocking what one does not hold is answered with an error code.
bool AnswersMisuse(const pthread_mutex_t* mutex) {
  const int kind = KindOf(mutex);
  return IsRobust(mutex) || kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK;
}

// The functions to take a lock with, after the slot is given up.
template <typename Function>
Function* AfterGivingUp(Function* real) {
  csan::BeforeWait();
  return real;
}

// Most locks are given back sooner than a thread falls asleep and is woken; of the few microseconds that
// a futile try costs nobody notices anything. Not where waits are counted.
int TryForAWhile(pthread_mutex_t* m) {
  constexpr int kLooks = 100;
  for (int i = 0; i < kLooks && !csan::contention_watched; i++) {
    __builtin_ia32_pause();
    if (__atomic_load_n(&m->__data.__lock, __ATOMIC_RELAXED) != 0) continue;
    const int result = real_pthread_mutex_trylock()(m);
    if (result != EBUSY) return result;
  }
  return EBUSY;
}

// A wait is told only where there is one.
int LockOrWait(pthread_mutex_t* m, uptr pc) {
  constexpr auto kMode = csan::LockMode::kWrite;
  const auto request = CSAN_LISTENING() ? csan::ExpectLock(Addr(m), kMode) : csan::LockRequest{};
  int result = real_pthread_mutex_trylock()(m);
  csan::AskForLock(request, Addr(m), kMode, pc);
  if (result == EBUSY) result = TryForAWhile(m);
  if (result != EBUSY) return result;
  const csan::Waiting waiting(csan::Wait::For::kMutex, Addr(m), pc);
  return real_pthread_mutex_lock()(m);
}

int Locked(int result, pthread_mutex_t* mutex, uptr pc) {
  if (result == EBUSY || result == ETIMEDOUT) csan::NoteIfWatched(Addr(mutex), pc);
  if (CSAN_UNLIKELY(IsInvalid(result, mutex)) && CSAN_LISTENING()) {
    csan::ReportInvalidLock(Addr(mutex), pc);
  }
  if ((result == 0 || result == EOWNERDEAD) && CSAN_LISTENING() && Outermost(mutex)) {
    csan::OnLockAcquired(Addr(mutex), csan::LockMode::kWrite, pc,
                         {.robust = IsRobust(mutex), .of_fiber = false});
  }
  return result;
}

// EINVAL may mean the time.
int LockedInTime(int result, pthread_mutex_t* mutex, uptr pc) {
  if (result == EINVAL && !IsDestroyed(mutex)) return result;
  return Locked(result, mutex, pc);
}

void CheckUnlock(const pthread_mutex_t* mutex, uptr pc) {
  if (CSAN_UNLIKELY(IsDestroyed(mutex))) csan::ReportDestroyedUse(Addr(mutex), "unlocks", pc);
  if (AnswersMisuse(mutex) || csan::HoldsLock(Addr(mutex))) return;
  const auto owner = static_cast<csan::u64>(mutex->__data.__owner);
  if (mutex->__data.__lock == 0) {
    csan::ReportUnlockUnlocked(Addr(mutex), pc);
  } else if (owner != csan::Self()->info->os_id) {
    csan::ReportUnlockByOther(Addr(mutex), owner, pc);
  }
}

void Unlocking(pthread_mutex_t* mutex, uptr pc) {
  if (CSAN_LISTENING() && Outermost(mutex)) {
    CheckUnlock(mutex, pc);
    csan::OnLockReleased(Addr(mutex), csan::LockMode::kWrite, pc);
  }
}

int Init(pthread_mutex_t* m, const pthread_mutexattr_t* attr, uptr pc) {
  if (CSAN_LISTENING()) {
    csan::OnSyncObjectReset(Addr(m), sizeof(*m));
    csan::NameLock(Addr(m), pc);
  }
  return real_pthread_mutex_init()(m, attr);
}

int C11(int result) {
  switch (result) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* AsPthread(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }

}  // namespace

extern "C" {

CSAN_INTERFACE int pthread_mutex_lock(pthread_mutex_t* m) {
  return Locked(LockOrWait(m, CSAN_CALLER_PC()), m, CSAN_CALLER_PC());
}
CSAN_INTERFACE int pthread_mutex_trylock(pthread_mutex_t* m) {
  return Locked(real_pthread_mutex_trylock()(m), m, CSAN_CALLER_PC());
}
CSAN_INTERFACE int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* until) {
  return LockedInTime(AfterGivingUp(real_pthread_mutex_timedlock())(m, until), m, CSAN_CALLER_PC());
}
CSAN_INTERFACE int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock,
                                           const timespec* until) {
  return LockedInTime(AfterGivingUp(real_pthread_mutex_clocklock())(m, clock, until), m,
                      CSAN_CALLER_PC());
}
CSAN_INTERFACE int pthread_mutex_unlock(pthread_mutex_t* m) {
  Unlocking(m, CSAN_CALLER_PC());
  return real_pthread_mutex_unlock()(m);
}
CSAN_INTERFACE int pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* attr) {
  return Init(m, attr, CSAN_CALLER_PC());
}
CSAN_INTERFACE int pthread_mutex_destroy(pthread_mutex_t* m) {
  const bool again = IsDestroyed(m);
  const int result = real_pthread_mutex_destroy()(m);
  if (again && CSAN_LISTENING()) csan::ReportDestroyedUse(Addr(m), "destroys", CSAN_CALLER_PC());
  if (result == EBUSY && CSAN_LISTENING()) csan::ReportDestroyLocked(Addr(m), CSAN_CALLER_PC());
  if (result == 0 && CSAN_LISTENING()) csan::OnLockDestroyed(Addr(m), CSAN_CALLER_PC());
  return result;
}

CSAN_INTERFACE int pthread_spin_init(pthread_spinlock_t* s, int shared) {
  if (CSAN_LISTENING()) {
    csan::OnSyncObjectReset(Addr(s), sizeof(*s));
    csan::NameLock(Addr(s), CSAN_CALLER_PC());
  }
  return real_pthread_spin_init()(s, shared);
}
CSAN_INTERFACE int pthread_spin_destroy(pthread_spinlock_t* s) {
  if (CSAN_LISTENING()) csan::OnLockDestroyed(Addr(s), CSAN_CALLER_PC());
  return real_pthread_spin_destroy()(s);
}
CSAN_INTERFACE int pthread_spin_lock(pthread_spinlock_t* s) {
  if (CSAN_LISTENING()) csan::BeforeLock(Addr(s), csan::LockMode::kWrite, CSAN_CALLER_PC());
  int result = real_pthread_spin_trylock()(s);
  if (result == EBUSY) {
    const csan::Waiting waiting(csan::Wait::For::kSpin, Addr(s), CSAN_CALLER_PC());
    result = real_pthread_spin_lock()(s);
  }
  if (result == 0 && CSAN_LISTENING()) {
    csan::OnLockAcquired(Addr(s), csan::LockMode::kWrite, CSAN_CALLER_PC());
  }
  return result;
}
CSAN_INTERFACE int pthread_spin_trylock(pthread_spinlock_t* s) {
  const int result = real_pthread_spin_trylock()(s);
  if (result == EBUSY) csan::NoteIfWatched(Addr(s), CSAN_CALLER_PC());
  if (result == 0 && CSAN_LISTENING()) {
    csan::OnLockAcquired(Addr(s), csan::LockMode::kWrite, CSAN_CALLER_PC());
  }
  return result;
}
CSAN_INTERFACE int pthread_spin_unlock(pthread_spinlock_t* s) {
  if (CSAN_LISTENING()) {
    constexpr int kUnlocked = 1;
    if (*s == kUnlocked) csan::ReportUnlockUnlocked(Addr(s), CSAN_CALLER_PC());
    csan::OnLockReleased(Addr(s), csan::LockMode::kWrite, CSAN_CALLER_PC());
  }
  return real_pthread_spin_unlock()(s);
}

// C11: glibc's mtx_t is a pthread_mutex_t, but its functions call inner names.
CSAN_INTERFACE int mtx_init(mtx_t* m, int type) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(
      &attr, (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int result = Init(AsPthread(m), &attr, CSAN_CALLER_PC());
  pthread_mutexattr_destroy(&attr);
  return C11(result);
}
CSAN_INTERFACE void mtx_destroy(mtx_t* m) { pthread_mutex_destroy(AsPthread(m)); }
CSAN_INTERFACE int mtx_lock(mtx_t* m) {
  return C11(Locked(LockOrWait(AsPthread(m), CSAN_CALLER_PC()), AsPthread(m), CSAN_CALLER_PC()));
}
CSAN_INTERFACE int mtx_trylock(mtx_t* m) {
  return C11(Locked(real_pthread_mutex_trylock()(AsPthread(m)), AsPthread(m), CSAN_CALLER_PC()));
}
CSAN_INTERFACE int mtx_timedlock(mtx_t* m, const timespec* until) {
  return C11(LockedInTime(AfterGivingUp(real_pthread_mutex_timedlock())(AsPthread(m), until),
                          AsPthread(m), CSAN_CALLER_PC()));
}
CSAN_INTERFACE int mtx_unlock(mtx_t* m) {
  Unlocking(AsPthread(m), CSAN_CALLER_PC());
  return C11(real_pthread_mutex_unlock()(AsPthread(m)));
}
}
