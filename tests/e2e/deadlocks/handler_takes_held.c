// KIND: deadlock
// A handler takes a lock that the thread it interrupts holds. Blocked meanwhile, the signal does no harm.
#include <pthread.h>
#include <signal.h>

#include "../support/last_step.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int rung;

static void Handle(int number) {
  (void)number;
  LastStep();
  pthread_mutex_lock(&mutex);  // RACE
  rung++;
  pthread_mutex_unlock(&mutex);
}

int main(void) {
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  signal(SIGUSR1, Handle);
  if (!BUG) pthread_sigmask(SIG_BLOCK, &usr1, 0);
  pthread_mutex_lock(&mutex);  // RACE
  raise(SIGUSR1);
  pthread_mutex_unlock(&mutex);
  pthread_sigmask(SIG_UNBLOCK, &usr1, 0);
  return rung != 1;
}
