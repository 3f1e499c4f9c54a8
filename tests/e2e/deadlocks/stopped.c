// KIND: deadlock
// A process that is stopped for a while, with a lock wanted and held.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/order.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* Want(void* argument) {
  ReachStep(1);
  pthread_mutex_lock(&mutex);  // RACE
  pthread_mutex_unlock(&mutex);
  return argument;
}

int main(void) {
  const pid_t parent = getpid();
  pthread_mutex_lock(&mutex);  // RACE
  pthread_t other;
  pthread_create(&other, 0, Want, 0);
  AwaitStep(1);
  const pid_t child = fork();
  if (child == 0) {
    kill(parent, SIGSTOP);
    sleep(1);
    kill(parent, SIGCONT);
    _exit(0);
  }
  waitpid(child, 0, 0);
  if (!BUG) pthread_mutex_unlock(&mutex);
  pthread_join(other, 0);
  return 0;
}
