// KIND: destroyed-lock
// A mutex in memory that held something else, never initialised. Zeroed memory is a mutex.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  pthread_mutex_t* mutex = malloc(sizeof(*mutex));
  memset(mutex, BUG ? 0x0F : 0, sizeof(*mutex));
  if (BUG) memset(mutex, 0, 16);
  if (pthread_mutex_lock(mutex) == 0) pthread_mutex_unlock(mutex);  // RACE
  free(mutex);
  return 0;
}
