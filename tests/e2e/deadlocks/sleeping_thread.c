// KIND: deadlock
// All wait but one that sleeps, longer than the verdict takes, and then lets them go on.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t rested;

static void* Sleep(void* argument) {
  const struct timespec a_while = {0, 700000000};
  nanosleep(&a_while, 0);
  if (!BUG) sem_post(&rested);
  return argument;
}

int main(void) {
  sem_init(&rested, 0, 0);
  pthread_t sleeper;
  pthread_create(&sleeper, 0, Sleep, 0);
  sem_wait(&rested);  // RACE
  pthread_join(sleeper, 0);
  return 0;
}
