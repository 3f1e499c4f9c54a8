// Condition variables. They order nothing by themselves: a waiter gives the mutex up and takes it
// again, and that is the edge. A wait that is cancelled has the mutex again in its clean-up handlers.
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "actor/actor.h"
#include "actor/waiting.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL_VERSION(pthread_cond_wait, "GLIBC_2.3.2")
CSAN_REAL_VERSION(pthread_cond_timedwait, "GLIBC_2.3.2")
CSAN_REAL(pthread_cond_clockwait)

// glibc exports the functions behind the C form of pthread_cleanup_push; its headers show only the C++
// form, which needs exceptions.
extern "C" {
void _pthread_cleanup_push(struct _pthread_cleanup_buffer* buffer, void (*routine)(void*),
                           void* arg);
void _pthread_cleanup_pop(struct _pthread_cleanup_buffer* buffer, int execute);
}

namespace {

using csan::uptr;

struct Mutex {
  pthread_mutex_t* mutex;
  uptr pc;
};

void Back(void* argument) {
  auto* taken = static_cast<Mutex*>(argument);
  csan::EndWait();
  if (CSAN_LISTENING()) {
    csan::OnLockAcquired(reinterpret_cast<uptr>(taken->mutex), csan::LockMode::kWrite, taken->pc);
  }
}

template <typename Wait>
int WaitWith(const void* condition, pthread_mutex_t* mutex, uptr pc, Wait wait) {
  if (!CSAN_LISTENING()) return wait();
  const bool owns = mutex->__data.__lock != 0 &&
                    static_cast<csan::u64>(mutex->__data.__owner) == csan::Self()->info->os_id;
  if (!owns && !csan::HoldsLock(reinterpret_cast<uptr>(mutex))) {
    csan::ReportWaitWithoutMutex(reinterpret_cast<uptr>(condition), reinterpret_cast<uptr>(mutex),
                                 pc);
  }
  csan::OnLockReleased(reinterpret_cast<uptr>(mutex), csan::LockMode::kWrite, pc);
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
  const csan::Waiting waiting(csan::Wait::For::kCondition, reinterpret_cast<uptr>(c), pc);
  return real_pthread_cond_wait()(c, m);
}

int C11(int result) {
  return result == 0 ? thrd_success : result == ETIMEDOUT ? thrd_timedout : thrd_error;
}

}  // namespace

extern "C" {

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
  auto* cond = reinterpret_cast<pthread_cond_t*>(c);
  auto* mutex = reinterpret_cast<pthread_mutex_t*>(m);
  const uptr pc = CSAN_CALLER_PC();
  return C11(WaitWith(cond, mutex, pc, [=] { return WaitForSignal(cond, mutex, pc); }));
}
CSAN_INTERFACE int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* t) {
  auto* cond = reinterpret_cast<pthread_cond_t*>(c);
  auto* mutex = reinterpret_cast<pthread_mutex_t*>(m);
  return C11(WaitWith(cond, mutex, CSAN_CALLER_PC(),
                      [=] { return real_pthread_cond_timedwait()(cond, mutex, t); }));
}
}
