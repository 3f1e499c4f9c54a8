// KIND: wait-without-mutex
// A condition wait whose caller does not hold the mutex.
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

int main(void) {
  struct timespec past = {0, 0};
  if (!BUG) pthread_mutex_lock(&mutex);
  pthread_cond_timedwait(&changed, &mutex, &past);  // RACE
  pthread_mutex_unlock(&mutex);
  return 0;
}
