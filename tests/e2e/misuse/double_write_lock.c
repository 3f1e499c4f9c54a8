// KIND: double-lock
// A reader/writer lock taken by its writer again: the C library may answer with an error, and does.
#include <pthread.h>

int main(void) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  if (BUG) {
    pthread_rwlock_wrlock(&lock);  // RACE
  } else {
    pthread_rwlock_rdlock(&lock);
  }
  const int again = pthread_rwlock_rdlock(&lock);  // RACE
  if (again == 0) pthread_rwlock_unlock(&lock);
  pthread_rwlock_unlock(&lock);
  return 0;
}
