// KIND: deadlock
// All wait but a thread that takes signals.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t rung;
static sigset_t wanted;

static void* Take(void* argument) {
  int got = 0;
  if (!BUG) sigwait(&wanted, &got);
  if (got == SIGALRM) sem_post(&rung);
  return argument;
}

int main(void) {
  sem_init(&rung, 0, 0);
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &wanted, 0);
  pthread_t taker;
  pthread_create(&taker, 0, Take, 0);
  alarm(1);
  sem_wait(&rung);  // RACE
  pthread_join(taker, 0);
  return 0;
}
