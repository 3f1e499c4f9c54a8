// KIND: deadlock
// The main thread has ended; those left wait for each other.
#include <pthread.h>
#include <semaphore.h>

static sem_t ready, answer;

static void* Ask(void* argument) {
  if (!BUG) sem_post(&ready);
  sem_wait(&answer);  // RACE
  return argument;
}
static void* Answer(void* argument) {
  sem_wait(&ready);  // RACE
  sem_post(&answer);
  return argument;
}

int main(void) {
  sem_init(&ready, 0, 0);
  sem_init(&answer, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, Ask, 0);
  pthread_detach(thread);
  pthread_create(&thread, 0, Answer, 0);
  pthread_detach(thread);
  pthread_exit(0);
}
