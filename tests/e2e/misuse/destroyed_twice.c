// KIND: destroyed-lock
// A mutex destroyed twice.
#include <pthread.h>

int main(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, 0);
  pthread_mutex_destroy(&mutex);
  if (BUG) pthread_mutex_destroy(&mutex);  // RACE
  return 0;
}
