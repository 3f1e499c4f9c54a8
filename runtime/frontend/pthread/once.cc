// Once and semaphores. Edges: end of the once routine → return of every pthread_once; post → wait
// that takes what was posted (posts join: which one a wait takes is not to be told).
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <threads.h>

#include "actor/waiting.h"
#include "detect/misuse/in_use.h"
#include "detect/misuse/lock_misuse.h"
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
CSAN_REAL(sem_open)

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

// glibc's words of a semaphore: what it has to give, and above how many wait. Behind them is room that it
// leaves alone: a mark there tells that the semaphore has been destroyed; not in one that processes share,
// which another one may initialise again without us.
constexpr csan::u32 kMark = 0xDE5720ED;
csan::u32* MarkOf(sem_t* s) { return reinterpret_cast<csan::u32*>(s) + 7; }
static_assert(sizeof(sem_t) == 32);
bool IsPrivate(const sem_t* s) { return reinterpret_cast<const csan::u32*>(s)[2] == 0; }

bool WaitedAtInVain(const sem_t* s) {
  const csan::u64 word = __atomic_load_n(reinterpret_cast<const csan::u64*>(s), __ATOMIC_RELAXED);
  return static_cast<csan::u32>(word) == 0 && word >> 32 != 0;
}

void CheckAlive(sem_t* s, const char* what, uptr pc) {
  if (CSAN_UNLIKELY(*MarkOf(s) == kMark)) csan::ReportDestroyedUse(Addr(s), what, pc);
}

// Named semaphores, which may be unmapped and come back elsewhere between a post and the wait: who opens one
// learns from every post to one so far.
constexpr csan::u32 kNamed = 256;
constinit uptr named[kNamed] = {};
constinit csan::u32 named_count = 0;
constinit csan::u64 named_posts = 0;

bool IsNamed(uptr addr) {
  const csan::u32 n = __atomic_load_n(&named_count, __ATOMIC_ACQUIRE);
  for (csan::u32 i = 0; i < n && i < kNamed; i++) {
    if (__atomic_load_n(&named[i], __ATOMIC_RELAXED) == addr) return true;
  }
  return n > kNamed;
}

sem_t* Opened(sem_t* s) {
  if (s == SEM_FAILED || !CSAN_LISTENING()) return s;
  if (!IsNamed(Addr(s))) {
    const csan::u32 i = __atomic_fetch_add(&named_count, 1, __ATOMIC_ACQ_REL);
    if (i < kNamed) __atomic_store_n(&named[i], Addr(s), __ATOMIC_RELAXED);
  }
  csan::Acquire(Addr(&named_posts));
  return s;
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
  *MarkOf(s) = 0;
  return real_sem_init()(s, shared, value);
}
CSAN_INTERFACE int sem_destroy(sem_t* s) {
  if (!CSAN_LISTENING()) return real_sem_destroy()(s);
  CheckAlive(s, "destroys", CSAN_CALLER_PC());
  if (WaitedAtInVain(s)) csan::CheckSemaphoreDestroyed(Addr(s), sizeof(*s), CSAN_CALLER_PC());
  csan::OnSyncObjectReset(Addr(s), sizeof(*s));
  const bool is_private = IsPrivate(s);
  const int result = real_sem_destroy()(s);
  if (result == 0 && is_private) *MarkOf(s) = kMark;
  return result;
}
CSAN_INTERFACE int sem_post(sem_t* s) {
  if (!CSAN_LISTENING()) return real_sem_post()(s);
  CheckAlive(s, "posts", CSAN_CALLER_PC());
  csan::Release(Addr(s));
  if (CSAN_UNLIKELY(named_count != 0) && IsNamed(Addr(s))) csan::Release(Addr(&named_posts));
  const int result = real_sem_post()(s);
  if (CSAN_UNLIKELY(result != 0) && errno == EOVERFLOW) {
    csan::ReportSemaphoreOverflow(Addr(s), CSAN_CALLER_PC());
  }
  return result;
}
CSAN_INTERFACE sem_t* sem_open(const char* name, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const auto mode = va_arg(list, mode_t);
  const auto value = va_arg(list, unsigned);
  va_end(list);
  return Opened(real_sem_open()(name, flags, mode, value));
}
CSAN_INTERFACE int sem_wait(sem_t* s) {
  if (CSAN_LISTENING()) CheckAlive(s, "waits at", CSAN_CALLER_PC());
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
