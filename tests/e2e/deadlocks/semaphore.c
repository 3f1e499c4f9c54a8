// KIND: deadlock
// A semaphore that nobody posts.
#include <pthread.h>
#include <semaphore.h>

#include "../support/last_step.h"

static sem_t ready;

static void* Worker(void* argument) {
  if (!BUG) sem_post(&ready);
  return argument;
}

int main(void) {
  sem_init(&ready, 0, 0);
  pthread_t worker;
  pthread_create(&worker, 0, Worker, 0);
  pthread_join(worker, 0);
  LastStep();
  sem_wait(&ready);  // RACE
  return 0;
}
