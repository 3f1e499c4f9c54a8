// KIND: data-race
// A plain mutex on one side only.
#include "../support/order.h"
#include <pthread.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int value;

static void First() {
  pthread_mutex_lock(&m);
  value = 1;  // RACE
  pthread_mutex_unlock(&m);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  pthread_mutex_lock(&m);
  value = 2;
  pthread_mutex_unlock(&m);
#endif
}

int main() {
  
  InTurn(First, Second);
}
