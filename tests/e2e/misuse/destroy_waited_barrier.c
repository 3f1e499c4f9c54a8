// KIND: destroy-waited
// A barrier destroyed while a thread waits for others. Who comes out first may destroy it.
#include <pthread.h>

#include "../support/blocked.h"

static pthread_barrier_t barrier;

static void* Wait(void* argument) {
  TellTid();
  pthread_barrier_wait(&barrier);  // RACE
  return argument;
}

int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  pthread_t waiter;
  pthread_create(&waiter, 0, Wait, 0);
  AwaitBlocked();
  if (!BUG) pthread_barrier_wait(&barrier);
  pthread_barrier_destroy(&barrier);  // RACE
  pthread_join(waiter, 0);
  return 0;
}
