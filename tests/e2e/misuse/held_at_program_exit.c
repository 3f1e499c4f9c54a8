// KIND: lock-held-at-exit
// OPTIONS: strict_exit=1
// The program exits with a lock held.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&mutex);  // RACE
  if (BUG) exit(0);
  pthread_mutex_unlock(&mutex);
  return 0;
}
