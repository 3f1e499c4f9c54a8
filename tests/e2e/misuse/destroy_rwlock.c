// KIND: destroy-locked
// A reader/writer lock destroyed while a reader has it.
#include <pthread.h>

int main(void) {
  pthread_rwlock_t lock;
  pthread_rwlock_init(&lock, 0);
  pthread_rwlock_rdlock(&lock);
  if (!BUG) pthread_rwlock_unlock(&lock);
  pthread_rwlock_destroy(&lock);  // RACE
  return 0;
}
