// Reader/writer locks. Edges: write unlock → any later lock; read unlock → later write lock. Readers
// learn nothing from readers.
#include <errno.h>
#include <pthread.h>

#include "actor/actor.h"
#include "actor/waiting.h"
#include "detect/lock_order/lock_order.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/real.h"
#include "sync/attempts.h"
#include "sync/events.h"

CSAN_REAL(pthread_rwlock_init)
CSAN_REAL(pthread_rwlock_destroy)
CSAN_REAL(pthread_rwlock_rdlock)
CSAN_REAL(pthread_rwlock_tryrdlock)
CSAN_REAL(pthread_rwlock_timedrdlock)
CSAN_REAL(pthread_rwlock_clockrdlock)
CSAN_REAL(pthread_rwlock_wrlock)
CSAN_REAL(pthread_rwlock_trywrlock)
CSAN_REAL(pthread_rwlock_timedwrlock)
CSAN_REAL(pthread_rwlock_clockwrlock)
CSAN_REAL(pthread_rwlock_unlock)

namespace {

using csan::LockMode;
using csan::uptr;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

// glibc counts readers in units of eight.
bool IsLocked(const pthread_rwlock_t* l) {
  return l->__data.__cur_writer != 0 ||
         __atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED) >> 3 != 0;
}

// A mark, where glibc has nothing, in a lock that is destroyed; every way to initialise it takes the mark
// away. Not in one that processes share: another one may do so without us.
constexpr unsigned long kDestroyed = 0xDE5720EDDE5720EDul;

void CheckAlive(const pthread_rwlock_t* l, const char* what, uptr pc) {
  if (CSAN_UNLIKELY(l->__data.__pad2 == kDestroyed) && CSAN_LISTENING()) {
    csan::ReportDestroyedUse(Addr(l), what, pc);
  }
}

int Locked(int result, const pthread_rwlock_t* l, LockMode mode, uptr pc) {
  CheckAlive(l, "locks", pc);
  if (result == EBUSY || result == ETIMEDOUT) csan::NoteIfWatched(Addr(l), pc);
  if (result == 0 && CSAN_LISTENING()) csan::OnLockAcquired(Addr(l), mode, pc);
  if (CSAN_UNLIKELY(result == EDEADLK) && CSAN_LISTENING()) csan::ReportDoubleLock(Addr(l), pc);
  return result;
}

void CheckUnlock(const pthread_rwlock_t* l, uptr pc) {
  const auto writer = static_cast<csan::u64>(l->__data.__cur_writer);
  if (!IsLocked(l)) {
    csan::ReportUnlockUnlocked(Addr(l), pc);
  } else if (writer != 0 && writer != csan::Self()->info->os_id && !csan::HoldsLock(Addr(l))) {
    csan::ReportUnlockByOther(Addr(l), writer, pc);
  }
}

}  // namespace

#define CSAN_RWLOCK(function, mode, parameters, arguments)                           \
  CSAN_INTERFACE int function parameters {                                           \
    csan::BeforeWait();                                                              \
    return Locked(real_##function() arguments, l, LockMode::mode, CSAN_CALLER_PC()); \
  }

#define CSAN_RWLOCK_WAITING(function, try_function, mode)                              \
  CSAN_INTERFACE int function(pthread_rwlock_t* l) {                                   \
    if (CSAN_LISTENING()) csan::BeforeLock(Addr(l), LockMode::mode, CSAN_CALLER_PC()); \
    int result = real_##try_function()(l);                                             \
    if (result == EBUSY) {                                                             \
      const csan::Waiting waiting(csan::Wait::For::mode, Addr(l), CSAN_CALLER_PC());   \
      result = real_##function()(l);                                                   \
    }                                                                                  \
    return Locked(result, l, LockMode::mode, CSAN_CALLER_PC());                        \
  }

extern "C" {

CSAN_RWLOCK_WAITING(pthread_rwlock_rdlock, pthread_rwlock_tryrdlock, kRead)
CSAN_RWLOCK(pthread_rwlock_tryrdlock, kRead, (pthread_rwlock_t * l), (l))
CSAN_RWLOCK(pthread_rwlock_timedrdlock, kRead, (pthread_rwlock_t * l, const timespec* t), (l, t))
CSAN_RWLOCK(pthread_rwlock_clockrdlock, kRead,
            (pthread_rwlock_t * l, clockid_t c, const timespec* t), (l, c, t))
CSAN_RWLOCK_WAITING(pthread_rwlock_wrlock, pthread_rwlock_trywrlock, kWrite)
CSAN_RWLOCK(pthread_rwlock_trywrlock, kWrite, (pthread_rwlock_t * l), (l))
CSAN_RWLOCK(pthread_rwlock_timedwrlock, kWrite, (pthread_rwlock_t * l, const timespec* t), (l, t))
CSAN_RWLOCK(pthread_rwlock_clockwrlock, kWrite,
            (pthread_rwlock_t * l, clockid_t c, const timespec* t), (l, c, t))

CSAN_INTERFACE int pthread_rwlock_unlock(pthread_rwlock_t* l) {
  if (CSAN_LISTENING()) {
    CheckAlive(l, "unlocks", CSAN_CALLER_PC());
    CheckUnlock(l, CSAN_CALLER_PC());
    // glibc keeps the writer's thread id while it holds the lock.
    const bool writer = l->__data.__cur_writer != 0;
    csan::OnLockReleased(Addr(l), writer ? LockMode::kWrite : LockMode::kRead, CSAN_CALLER_PC());
  }
  return real_pthread_rwlock_unlock()(l);
}

CSAN_INTERFACE int pthread_rwlock_init(pthread_rwlock_t* l, const pthread_rwlockattr_t* attr) {
  if (CSAN_LISTENING()) {
    csan::OnSyncObjectReset(Addr(l), sizeof(*l));
    csan::NameLock(Addr(l), CSAN_CALLER_PC());
  }
  l->__data.__pad2 = 0;
  return real_pthread_rwlock_init()(l, attr);
}

CSAN_INTERFACE int pthread_rwlock_destroy(pthread_rwlock_t* l) {
  if (CSAN_LISTENING()) {
    CheckAlive(l, "destroys", CSAN_CALLER_PC());
    if (IsLocked(l)) csan::ReportDestroyLocked(Addr(l), CSAN_CALLER_PC());
    csan::OnLockDestroyed(Addr(l), CSAN_CALLER_PC());
  }
  const int result = real_pthread_rwlock_destroy()(l);
  if (result == 0 && l->__data.__shared == 0) l->__data.__pad2 = kDestroyed;
  return result;
}
}
