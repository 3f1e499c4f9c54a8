// KIND: data-race
// Write locks of a reader/writer lock.
#include "../support/order.h"
#include <pthread.h>
pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
int value;

static void First() {
  pthread_rwlock_wrlock(&l);
  value = 1;  // RACE
  pthread_rwlock_unlock(&l);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  pthread_rwlock_wrlock(&l);
  value = 2;
  pthread_rwlock_unlock(&l);
#endif
}

int main() {
  
  InTurn(First, Second);
}
