// KIND: deadlock
// A reader comes again behind a waiting writer, at a lock that lets writers go first.
#include <pthread.h>
#include <unistd.h>

#include "../support/last_step.h"

static pthread_rwlock_t lock;
static int go_on = 1;

static void* Write(void* argument) {
  ReachStep(1);
  pthread_rwlock_wrlock(&lock);  // RACE
  pthread_rwlock_unlock(&lock);
  return argument;
}
UNSEEN static int GoOn(void) { return __atomic_load_n(&go_on, __ATOMIC_RELAXED); }
UNSEEN static void Stop(void) { __atomic_store_n(&go_on, 0, __ATOMIC_RELAXED); }
UNSEEN static int WriterWaits(void) { return lock.__data.__writers > 0 || lock.__data.__readers & 2; }
static void* Run(void* argument) {
  while (GoOn()) usleep(1000);
  return argument;
}

int main(void) {
  pthread_rwlockattr_t attr;
  pthread_rwlockattr_init(&attr);
  pthread_rwlockattr_setkind_np(&attr, BUG ? PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP
                                           : PTHREAD_RWLOCK_PREFER_READER_NP);
  pthread_rwlock_init(&lock, &attr);
  pthread_t busy, writer;
  pthread_create(&busy, 0, Run, 0);
  pthread_rwlock_rdlock(&lock);  // RACE
  pthread_create(&writer, 0, Write, 0);
  AwaitStep(1);
  while (!WriterWaits()) usleep(1000);
  LastStep();
  pthread_rwlock_rdlock(&lock);  // RACE
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_unlock(&lock);
  pthread_join(writer, 0);
  Stop();
  pthread_join(busy, 0);
  return 0;
}
