// KIND: unlock-unlocked
// A spin lock released twice.
#include <pthread.h>

int main(void) {
  pthread_spinlock_t lock;
  pthread_spin_init(&lock, 0);
  pthread_spin_lock(&lock);
  pthread_spin_unlock(&lock);
  if (BUG) pthread_spin_unlock(&lock);  // RACE
  return 0;
}
