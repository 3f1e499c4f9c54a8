// KIND: destroyed-lock
// A mutex locked after it was destroyed. One of static storage needs no initialisation, and a destroyed one
// may be initialised again, by the function or by assignment.
#include <pthread.h>

static pthread_mutex_t zero;

int main(void) {
  pthread_mutex_lock(&zero);
  pthread_mutex_unlock(&zero);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, 0);
  pthread_mutex_destroy(&mutex);
  if (!BUG) mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);  // RACE
  pthread_mutex_unlock(&mutex);
  if (!BUG) pthread_mutex_destroy(&mutex);
  if (!BUG) pthread_mutex_init(&mutex, 0);
  pthread_mutex_destroy(&mutex);
  return 0;
}
