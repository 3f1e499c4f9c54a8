// KIND: unlock-unlocked
// STACK: Unlock Leave
// An unlock too many, by the last call of functions, which optimisation makes a jump.
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) int Unlock() {
  return pthread_mutex_unlock(&mutex);  // RACE
}

__attribute__((noinline)) void Leave() {
  Unlock();
  __asm__ volatile("");
}

int main() {
  pthread_mutex_lock(&mutex);
  if (BUG) pthread_mutex_unlock(&mutex);
  Leave();
}
