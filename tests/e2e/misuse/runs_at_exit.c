// KIND: thread-at-exit
// OPTIONS: strict_exit=1
// A detached thread still runs when the program exits.
#include <pthread.h>
#include <semaphore.h>

static sem_t stop;

static void* Work(void* argument) {
  sem_wait(&stop);
  return argument;
}

int main(void) {
  sem_init(&stop, 0, 0);
  pthread_t worker;
  pthread_create(&worker, 0, Work, 0);  // RACE
  if (BUG) {
    pthread_detach(worker);
  } else {
    sem_post(&stop);
    pthread_join(worker, 0);
  }
  return 0;
}
