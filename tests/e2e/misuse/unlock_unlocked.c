// KIND: unlock-unlocked
// An unlock too many.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  if (BUG) pthread_mutex_unlock(&mutex);  // RACE
  return 0;
}
