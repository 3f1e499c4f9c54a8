// KIND: data-race
// trylock that succeeds orders like lock.
#include "../support/order.h"
#include <pthread.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int value;

static void First() {
  while (pthread_mutex_trylock(&m) != 0) {}
  value = 1;  // RACE
  pthread_mutex_unlock(&m);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  while (pthread_mutex_trylock(&m) != 0) {}
  value = 2;
  pthread_mutex_unlock(&m);
#endif
}

int main() {
  
  InTurn(First, Second);
}
