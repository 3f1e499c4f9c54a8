// Once and semaphores. Edges: end of the once routine → return of every pthread_once; post → wait
// that takes what was posted (posts join: which one a wait takes is not to be told).
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

#include "actor/waiting.h"
#include "frontend/real.h"
#include "sync/events.h"
#include "sync/initialiser.h"

CSAN_REAL(pthread_once)
CSAN_REAL_VERSION(sem_init, nullptr)
CSAN_REAL(sem_destroy)
CSAN_REAL(sem_post)
CSAN_REAL(sem_wait)
CSAN_REAL(sem_trywait)
CSAN_REAL(sem_timedwait)
CSAN_REAL(sem_clockwait)

namespace {

using csan::uptr;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

struct OnceCall {
  void (*routine)();
  uptr clock;
};
// A once routine may call another pthread_once: the caller's record is kept on its stack.
__thread OnceCall* current_call __attribute__((tls_model("initial-exec"))) = nullptr;

void RunOnce() {
  const OnceCall* call = current_call;
  csan::BeginInitialisation(call->clock);
  call->routine();
  csan::EndInitialisation(call->clock);
  csan::Release(call->clock);
}

int OnceOrWait(pthread_once_t* once, uptr pc) {
  const csan::u32 by = csan::InitialiserOf(Addr(once));
  if (by == csan::Wait::kNobody) return real_pthread_once()(once, RunOnce);
  const csan::Waiting waiting(csan::Wait::For::kOnce, Addr(once), pc, by);
  return real_pthread_once()(once, RunOnce);
}

int Once(pthread_once_t* once, void (*routine)(), uptr pc) {
  if (!CSAN_LISTENING()) return real_pthread_once()(once, routine);
  OnceCall call = {routine, Addr(once)};
  OnceCall* outer = current_call;
  current_call = &call;
  const int result = OnceOrWait(once, pc);
  current_call = outer;
  csan::Acquire(call.clock);
  return result;
}

int Taken(int result, sem_t* s) {
  if (result == 0 && CSAN_LISTENING()) csan::Acquire(Addr(s));
  return result;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int pthread_once(pthread_once_t* once, void (*routine)()) {
  return Once(once, routine, CSAN_CALLER_PC());
}
CSAN_INTERFACE void call_once(once_flag* flag, void (*routine)()) {
  Once(reinterpret_cast<pthread_once_t*>(flag), routine, CSAN_CALLER_PC());
}

CSAN_INTERFACE int sem_init(sem_t* s, int shared, unsigned value) {
  if (CSAN_LISTENING()) csan::OnSyncObjectReset(Addr(s), sizeof(*s));
  return real_sem_init()(s, shared, value);
}
CSAN_INTERFACE int sem_destroy(sem_t* s) {
  if (CSAN_LISTENING()) csan::OnSyncObjectReset(Addr(s), sizeof(*s));
  return real_sem_destroy()(s);
}
CSAN_INTERFACE int sem_post(sem_t* s) {
  if (CSAN_LISTENING()) csan::Release(Addr(s));
  return real_sem_post()(s);
}
CSAN_INTERFACE int sem_wait(sem_t* s) {
  // Not tried first: a cancellation that is pending counts before the semaphore does, and errno is kept.
  const csan::Waiting waiting(csan::Wait::For::kSemaphore, Addr(s), CSAN_CALLER_PC());
  return Taken(real_sem_wait()(s), s);
}
CSAN_INTERFACE int sem_trywait(sem_t* s) { return Taken(real_sem_trywait()(s), s); }
CSAN_INTERFACE int sem_timedwait(sem_t* s, const timespec* t) {
  csan::BeforeWait();
  return Taken(real_sem_timedwait()(s, t), s);
}
CSAN_INTERFACE int sem_clockwait(sem_t* s, clockid_t c, const timespec* t) {
  csan::BeforeWait();
  return Taken(real_sem_clockwait()(s, c, t), s);
}
}
