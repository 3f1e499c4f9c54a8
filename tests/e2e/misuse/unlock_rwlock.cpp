// KIND: unlock-unlocked
// A reader that leaves twice.
#include <pthread.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  pthread_rwlock_rdlock(&lock);
  pthread_rwlock_rdlock(&lock);
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_unlock(&lock);
  if (BUG) pthread_rwlock_unlock(&lock);  // RACE
  return 0;
}
