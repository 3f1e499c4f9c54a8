// KIND: destroy-waited
// A condition destroyed while a thread waits at it; after all were notified it may be, though they have not
// come out of the wait yet.
#include <pthread.h>

#include "../support/blocked.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void* Wait(void* argument) {
  TellTid();
  pthread_mutex_lock(&mutex);
  while (!ready) pthread_cond_wait(&changed, &mutex);  // RACE
  pthread_mutex_unlock(&mutex);
  return argument;
}

int main(void) {
  pthread_t waiter;
  pthread_create(&waiter, 0, Wait, 0);
  AwaitBlocked();
  pthread_mutex_lock(&mutex);
  ready = 1;
  if (!BUG) pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  pthread_cond_destroy(&changed);  // RACE
  pthread_join(waiter, 0);
  return 0;
}
