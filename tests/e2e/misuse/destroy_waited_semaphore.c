// KIND: destroy-waited
// A semaphore destroyed while a thread waits at it.
#include <pthread.h>
#include <semaphore.h>

#include "../support/blocked.h"

static sem_t ready;

static void* Wait(void* argument) {
  TellTid();
  sem_wait(&ready);  // RACE
  return argument;
}

int main(void) {
  sem_init(&ready, 0, 0);
  pthread_t waiter;
  pthread_create(&waiter, 0, Wait, 0);
  AwaitBlocked();
  if (!BUG) sem_post(&ready);
  if (!BUG) pthread_join(waiter, 0);
  sem_destroy(&ready);  // RACE
  if (BUG) pthread_join(waiter, 0);
  return 0;
}
