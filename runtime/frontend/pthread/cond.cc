// Condition variables. They order nothing by themselves: a waiter gives the mutex up and takes it
// again, and that is the edge. A wait that is cancelled has the mutex again in its clean-up handlers.
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "actor/actor.h"
#include "actor/waiting.h"
#include "detect/misuse/in_use.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/real.h"
#include "sync/events.h"
#include "sync/notified.h"

CSAN_REAL_VERSION(pthread_cond_wait, "GLIBC_2.3.2")
CSAN_REAL_VERSION(pthread_cond_timedwait, "GLIBC_2.3.2")
CSAN_REAL(pthread_cond_clockwait)
CSAN_REAL_VERSION(pthread_cond_init, "GLIBC_2.3.2")
CSAN_REAL_VERSION(pthread_cond_destroy, "GLIBC_2.3.2")
CSAN_REAL_VERSION(pthread_cond_signal, "GLIBC_2.3.2")
CSAN_REAL_VERSION(pthread_cond_broadcast, "GLIBC_2.3.2")

// glibc exports the functions behind the C form of pthread_cleanup_push; its headers show only the C++
// form, which needs exceptions.
extern "C" {
void _pthread_cleanup_push(struct _pthread_cleanup_buffer* buffer, void (*routine)(void*),
                           void* arg);
void _pthread_cleanup_pop(struct _pthread_cleanup_buffer* buffer, int execute);
}

namespace {

using csan::uptr;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

// glibc counts the waiters that have not left in units of eight, and marks a condition that is destroyed.
bool MayBeWaitedAt(const pthread_cond_t* c) {
  return __atomic_load_n(&c->__data.__wrefs, __ATOMIC_RELAXED) >> 3 != 0;
}
bool IsDestroyed(const pthread_cond_t* c) {
  return (__atomic_load_n(&c->__data.__wrefs, __ATOMIC_RELAXED) & 4) != 0;
}

void CheckAlive(const pthread_cond_t* c, const char* what, uptr pc) {
  if (CSAN_UNLIKELY(IsDestroyed(c))) csan::ReportDestroyedUse(Addr(c), what, pc);
}

struct Mutex {
  pthread_mutex_t* mutex;
  uptr pc;
};

void Back(void* argument) {
  auto* taken = static_cast<Mutex*>(argument);
  csan::EndWait();
  if (CSAN_LISTENING()) {
    csan::OnLockAcquired(Addr(taken->mutex), csan::LockMode::kWrite, taken->pc);
  }
}

template <typename Wait>
int WaitWith(const pthread_cond_t* condition, pthread_mutex_t* mutex, uptr pc, Wait wait) {
  if (!CSAN_LISTENING()) return wait();
  CheckAlive(condition, "waits for a signal of the condition variable", pc);
  csan::CheckSecondMutex(Addr(condition), sizeof(*condition), Addr(mutex), MayBeWaitedAt(condition),
                         pc);
  const bool owns = mutex->__data.__lock != 0 &&
                    static_cast<csan::u64>(mutex->__data.__owner) == csan::Self()->info->os_id;
  if (!owns && !csan::HoldsLock(Addr(mutex))) {
    csan::ReportWaitWithoutMutex(Addr(condition), Addr(mutex), pc);
  }
  csan::OnLockReleased(Addr(mutex), csan::LockMode::kWrite, pc);
  Mutex taken = {mutex, pc};
  int result;
  // A cancellation that unwinds runs Back; a return runs it through pop(1).
  struct _pthread_cleanup_buffer buffer;
  _pthread_cleanup_push(&buffer, Back, &taken);
  result = wait();
  _pthread_cleanup_pop(&buffer, 1);
  return result;
}

int WaitForSignal(pthread_cond_t* c, pthread_mutex_t* m, uptr pc) {
  const csan::Waiting waiting(csan::Wait::For::kCondition, Addr(c), pc, csan::Wait::kNobody,
                              Addr(m));
  return real_pthread_cond_wait()(c, m);
}

template <typename Real>
int Notify(pthread_cond_t* c, uptr pc, Real real) {
  if (CSAN_LISTENING()) {
    CheckAlive(c, "notifies the condition variable", pc);
    csan::NoteNotified(Addr(c), MayBeWaitedAt(c), pc);
  }
  return real(c);
}

int Init(pthread_cond_t* c, const pthread_condattr_t* attr) {
  if (CSAN_LISTENING()) csan::ForgetNotified(Addr(c));
  return real_pthread_cond_init()(c, attr);
}

int Destroy(pthread_cond_t* c, uptr pc) {
  if (CSAN_LISTENING()) {
    CheckAlive(c, "destroys", pc);
    if (MayBeWaitedAt(c)) csan::CheckConditionDestroyed(Addr(c), sizeof(*c), pc);
    csan::ForgetNotified(Addr(c));
  }
  return real_pthread_cond_destroy()(c);
}

pthread_cond_t* AsPthread(cnd_t* c) { return reinterpret_cast<pthread_cond_t*>(c); }

int C11(int result) {
  return result == 0 ? thrd_success : result == ETIMEDOUT ? thrd_timedout : thrd_error;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int pthread_cond_init(pthread_cond_t* c, const pthread_condattr_t* attr) {
  return Init(c, attr);
}
CSAN_INTERFACE int pthread_cond_destroy(pthread_cond_t* c) { return Destroy(c, CSAN_CALLER_PC()); }
CSAN_INTERFACE int pthread_cond_signal(pthread_cond_t* c) {
  return Notify(c, CSAN_CALLER_PC(), real_pthread_cond_signal());
}
CSAN_INTERFACE int pthread_cond_broadcast(pthread_cond_t* c) {
  return Notify(c, CSAN_CALLER_PC(), real_pthread_cond_broadcast());
}
CSAN_INTERFACE int cnd_init(cnd_t* c) { return C11(Init(AsPthread(c), nullptr)); }
CSAN_INTERFACE void cnd_destroy(cnd_t* c) { Destroy(AsPthread(c), CSAN_CALLER_PC()); }
CSAN_INTERFACE int cnd_signal(cnd_t* c) {
  return C11(Notify(AsPthread(c), CSAN_CALLER_PC(), real_pthread_cond_signal()));
}
CSAN_INTERFACE int cnd_broadcast(cnd_t* c) {
  return C11(Notify(AsPthread(c), CSAN_CALLER_PC(), real_pthread_cond_broadcast()));
}
CSAN_INTERFACE int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
  const uptr pc = CSAN_CALLER_PC();
  return WaitWith(c, m, pc, [=] { return WaitForSignal(c, m, pc); });
}
CSAN_INTERFACE int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m,
                                          const timespec* t) {
  return WaitWith(c, m, CSAN_CALLER_PC(), [=] { return real_pthread_cond_timedwait()(c, m, t); });
}
CSAN_INTERFACE int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                                          const timespec* t) {
  return WaitWith(c, m, CSAN_CALLER_PC(),
                  [=] { return real_pthread_cond_clockwait()(c, m, clock, t); });
}
CSAN_INTERFACE int cnd_wait(cnd_t* c, mtx_t* m) {
  auto* cond = AsPthread(c);
  auto* mutex = reinterpret_cast<pthread_mutex_t*>(m);
  const uptr pc = CSAN_CALLER_PC();
  return C11(WaitWith(cond, mutex, pc, [=] { return WaitForSignal(cond, mutex, pc); }));
}
CSAN_INTERFACE int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* t) {
  auto* cond = AsPthread(c);
  auto* mutex = reinterpret_cast<pthread_mutex_t*>(m);
  return C11(WaitWith(cond, mutex, CSAN_CALLER_PC(),
                      [=] { return real_pthread_cond_timedwait()(cond, mutex, t); }));
}
}
