// KIND: unlock-unlocked
// An errorcheck mutex answers with an error, which is its use; a plain one does not.
#include <errno.h>
#include <pthread.h>

int main(void) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, BUG ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attr);
  const int result = pthread_mutex_unlock(&mutex);  // RACE
  return result != EPERM;
}
