// KIND: deadlock
// A mutex that is not recursive, locked twice; the clean one is.
#include <pthread.h>

#include "../support/last_step.h"

int main(void) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, BUG ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attr);
  pthread_mutex_lock(&mutex);  // RACE
  LastStep();
  pthread_mutex_lock(&mutex);  // RACE
  pthread_mutex_unlock(&mutex);
  pthread_mutex_unlock(&mutex);
  return 0;
}
