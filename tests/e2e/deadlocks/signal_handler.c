// KIND: deadlock
// A handler can end a wait, as long as it is installed and let through.
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t rung;

static void Ring(int signal) {
  (void)signal;
  sem_post(&rung);
}

int main(void) {
  sem_init(&rung, 0, 0);
  signal(SIGALRM, Ring);
  alarm(1);
  while (sem_wait(&rung) != 0) {
  }
  if (BUG) {
    signal(SIGALRM, SIG_DFL);
    sem_wait(&rung);  // RACE
  }
  return 0;
}
