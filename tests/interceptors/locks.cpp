// Locks, conditions, barriers, semaphores and once: who lets go is ordered before who takes.
#include "case.h"

#include <semaphore.h>
#include <threads.h>
#include <time.h>

static timespec Later() { return {time(nullptr) + 60, 0}; }
static timespec LaterOf(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  t.tv_sec += 60;
  return t;
}

static pthread_mutex_t mutex;
static pthread_spinlock_t spin;
static pthread_rwlock_t rwlock;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static once_flag c_once = ONCE_FLAG_INIT;
static sem_t semaphore;
static mtx_t c_mutex;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static cnd_t c_condition;
__attribute__((constructor)) static void Make() {
  pthread_mutex_init(&mutex, nullptr);
  pthread_spin_init(&spin, 0);
  pthread_rwlock_init(&rwlock, nullptr);
  sem_init(&semaphore, 0, 0);
  mtx_init(&c_mutex, mtx_timed);
  cnd_init(&c_condition);
}
static void Lock() { MUST(pthread_mutex_lock(&mutex) == 0); }
static void Unlock() { MUST(pthread_mutex_unlock(&mutex) == 0); }
static void LockAndUnlock() {
  Lock();
  Unlock();
}
static void WriteAndUnlock() {
  MUST(pthread_rwlock_wrlock(&rwlock) == 0);
  MUST(pthread_rwlock_unlock(&rwlock) == 0);
}
static void ReadAndUnlock() {
  MUST(pthread_rwlock_rdlock(&rwlock) == 0);
  MUST(pthread_rwlock_unlock(&rwlock) == 0);
}
static void UnlockRw() { MUST(pthread_rwlock_unlock(&rwlock) == 0); }
static void C11LockAndUnlock() {
  MUST(mtx_lock(&c_mutex) == thrd_success);
  MUST(mtx_unlock(&c_mutex) == thrd_success);
}

ORDER("pthread_mutex_init pthread_mutex_lock pthread_mutex_unlock", LockAndUnlock(),
      LockAndUnlock())
ORDER("pthread_mutex_trylock", LockAndUnlock(), MUST(pthread_mutex_trylock(&mutex) == 0); Unlock())
ORDER("pthread_mutex_timedlock", LockAndUnlock(), timespec t = Later();
      MUST(pthread_mutex_timedlock(&mutex, &t) == 0); Unlock())
ORDER("pthread_mutex_clocklock", LockAndUnlock(), timespec t = LaterOf(CLOCK_MONOTONIC);
      MUST(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &t) == 0); Unlock())
ORDER("pthread_spin_init pthread_spin_lock pthread_spin_unlock", pthread_spin_lock(&spin);
      pthread_spin_unlock(&spin), pthread_spin_lock(&spin); pthread_spin_unlock(&spin))
ORDER("pthread_spin_trylock", pthread_spin_lock(&spin); pthread_spin_unlock(&spin),
      MUST(pthread_spin_trylock(&spin) == 0); pthread_spin_unlock(&spin))

ORDER("mtx_init mtx_lock mtx_unlock", C11LockAndUnlock(), C11LockAndUnlock())
ORDER("mtx_trylock", C11LockAndUnlock(), MUST(mtx_trylock(&c_mutex) == thrd_success);
      mtx_unlock(&c_mutex))
ORDER("mtx_timedlock", C11LockAndUnlock(), timespec t = Later();
      MUST(mtx_timedlock(&c_mutex, &t) == thrd_success); mtx_unlock(&c_mutex))

ORDER("pthread_rwlock_init pthread_rwlock_wrlock pthread_rwlock_rdlock pthread_rwlock_unlock",
      WriteAndUnlock(), ReadAndUnlock())
ORDER("pthread_rwlock_tryrdlock", WriteAndUnlock(), MUST(pthread_rwlock_tryrdlock(&rwlock) == 0);
      UnlockRw())
ORDER("pthread_rwlock_timedrdlock", WriteAndUnlock(), timespec t = Later();
      MUST(pthread_rwlock_timedrdlock(&rwlock, &t) == 0); UnlockRw())
ORDER("pthread_rwlock_clockrdlock", WriteAndUnlock(), timespec t = LaterOf(CLOCK_MONOTONIC);
      MUST(pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &t) == 0); UnlockRw())
ORDER("pthread_rwlock_trywrlock", ReadAndUnlock(), MUST(pthread_rwlock_trywrlock(&rwlock) == 0);
      UnlockRw())
ORDER("pthread_rwlock_timedwrlock", ReadAndUnlock(), timespec t = Later();
      MUST(pthread_rwlock_timedwrlock(&rwlock, &t) == 0); UnlockRw())
ORDER("pthread_rwlock_clockwrlock", ReadAndUnlock(), timespec t = LaterOf(CLOCK_MONOTONIC);
      MUST(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &t) == 0); UnlockRw())

// A wait that times out has let go of the mutex and taken it again.
ORDER("pthread_cond_timedwait", LockAndUnlock(), Lock(); timespec past = {1, 0};
      pthread_cond_timedwait(&condition, &mutex, &past); Unlock())
ORDER("pthread_cond_clockwait", LockAndUnlock(), Lock(); timespec past = {1, 0};
      pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &past); Unlock())
ORDER("cnd_timedwait", C11LockAndUnlock(), mtx_lock(&c_mutex); timespec past = {1, 0};
      cnd_timedwait(&c_condition, &c_mutex, &past); mtx_unlock(&c_mutex))

static void Nothing() {}
ORDER("pthread_once", pthread_once(&once, Nothing), pthread_once(&once, Nothing))
ORDER("call_once", call_once(&c_once, Nothing), call_once(&c_once, Nothing))
ORDER("sem_init sem_post sem_wait", sem_post(&semaphore), MUST(sem_wait(&semaphore) == 0))
ORDER("sem_trywait", sem_post(&semaphore), MUST(sem_trywait(&semaphore) == 0))
ORDER("sem_timedwait", sem_post(&semaphore), timespec t = Later();
      MUST(sem_timedwait(&semaphore, &t) == 0))
ORDER("sem_clockwait", sem_post(&semaphore), timespec t = LaterOf(CLOCK_MONOTONIC);
      MUST(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &t) == 0))

// What is destroyed and made again begins anew: of who held it before nothing is left, so here both halves
// lock, and the bug is found all the same.
static pthread_mutex_t remade_mutex;
static pthread_spinlock_t remade_spin;
static pthread_rwlock_t remade_rwlock;
static pthread_barrier_t remade_barrier;
static sem_t remade_semaphore;
static mtx_t remade_mtx;
#define REMADE(names, release, destroy, make, acquire)  \
  static Case CASE_NAME(__COUNTER__)(names, Kind::kAccess, \
                                     [] {                  \
                                       data = 1;           \
                                       make;               \
                                       release;            \
                                       Stay();             \
                                     },                    \
                                     [] {                  \
                                       destroy;            \
                                       make;               \
                                       acquire;            \
                                       data = 2;           \
                                       Stay();             \
                                     });
REMADE("pthread_mutex_destroy", pthread_mutex_lock(&remade_mutex);
       pthread_mutex_unlock(&remade_mutex), pthread_mutex_destroy(&remade_mutex),
       pthread_mutex_init(&remade_mutex, nullptr), pthread_mutex_lock(&remade_mutex);
       pthread_mutex_unlock(&remade_mutex))
REMADE("pthread_spin_destroy", pthread_spin_lock(&remade_spin); pthread_spin_unlock(&remade_spin),
       pthread_spin_destroy(&remade_spin), pthread_spin_init(&remade_spin, 0),
       pthread_spin_lock(&remade_spin);
       pthread_spin_unlock(&remade_spin))
REMADE("pthread_rwlock_destroy", pthread_rwlock_wrlock(&remade_rwlock);
       pthread_rwlock_unlock(&remade_rwlock), pthread_rwlock_destroy(&remade_rwlock),
       pthread_rwlock_init(&remade_rwlock, nullptr), pthread_rwlock_wrlock(&remade_rwlock);
       pthread_rwlock_unlock(&remade_rwlock))
REMADE("pthread_barrier_destroy", pthread_barrier_wait(&remade_barrier),
       pthread_barrier_destroy(&remade_barrier),
       pthread_barrier_init(&remade_barrier, nullptr, 1), pthread_barrier_wait(&remade_barrier))
REMADE("sem_destroy", sem_post(&remade_semaphore), sem_destroy(&remade_semaphore),
       sem_init(&remade_semaphore, 0, 1), sem_wait(&remade_semaphore))
REMADE("mtx_destroy", mtx_lock(&remade_mtx); mtx_unlock(&remade_mtx), mtx_destroy(&remade_mtx),
       mtx_init(&remade_mtx, mtx_plain), mtx_lock(&remade_mtx);
       mtx_unlock(&remade_mtx))
