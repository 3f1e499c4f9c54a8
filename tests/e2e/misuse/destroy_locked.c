// KIND: destroy-locked
// A mutex destroyed while it is held.
#include <pthread.h>

int main(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, 0);
  pthread_mutex_lock(&mutex);
  if (!BUG) pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);  // RACE
  return 0;
}
