// KIND: unlock-by-other
// A forked child unlocks what its parent's thread has locked around the fork; another thread may not.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void Lock(void) { pthread_mutex_lock(&mutex); }
static void Unlock(void) { pthread_mutex_unlock(&mutex); }
static void* Other(void* argument) {
  pthread_mutex_unlock(&mutex);  // RACE
  return argument;
}

int main(void) {
  pthread_atfork(Lock, Unlock, Unlock);
  const pid_t child = fork();
  if (child == 0) {
    Lock();
    Unlock();
    _exit(0);
  }
  if (BUG) {
    pthread_mutex_lock(&mutex);  // RACE
    pthread_t other;
    pthread_create(&other, 0, Other, 0);
    pthread_join(other, 0);
  }
  int status = 0;
  return waitpid(child, &status, 0) != child || status != 0;
}
