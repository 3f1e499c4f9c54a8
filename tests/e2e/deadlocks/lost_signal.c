// KIND: lost-wakeup
// A flag is set and the condition notified without the mutex, between the look at the flag and the wait.
#include <pthread.h>

#include "../support/last_step.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void* Wait(void* argument) {
  pthread_mutex_lock(&mutex);
  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
    ReachStep(1);
    if (BUG) AwaitStep(2);
    LastStep();
    pthread_cond_wait(&changed, &mutex);  // RACE
  }
  pthread_mutex_unlock(&mutex);
  return argument;
}

int main(void) {
  pthread_t waiter;
  pthread_create(&waiter, 0, Wait, 0);
  AwaitStep(1);
  if (!BUG) pthread_mutex_lock(&mutex);
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  pthread_cond_signal(&changed);  // RACE
  if (!BUG) pthread_mutex_unlock(&mutex);
  ReachStep(2);
  LastStep();
  pthread_join(waiter, 0);
  return 0;
}
