// KIND: lock-held-at-exit
// A thread may end with a robust mutex held: the next owner is told.
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t mutex;

static void* Worker(void* argument) {
  pthread_mutex_lock(&mutex);  // RACE
  return argument;
}

int main(void) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  if (!BUG) pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attr);
  pthread_t worker;
  pthread_create(&worker, 0, Worker, 0);
  pthread_join(worker, 0);
  if (BUG) return 0;
  if (pthread_mutex_lock(&mutex) != EOWNERDEAD) return 1;
  pthread_mutex_consistent(&mutex);
  return pthread_mutex_unlock(&mutex);
}
