// KIND: data-race
// clocklock orders like lock.
#include "../support/order.h"
#include <pthread.h>
#include <time.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
const timespec until = {0x7fffffff, 0};
int value;

static void First() {
  pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &until);
  value = 1;  // RACE
  pthread_mutex_unlock(&m);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &until);
  value = 2;
  pthread_mutex_unlock(&m);
#endif
}

int main() {
  
  InTurn(First, Second);
}
