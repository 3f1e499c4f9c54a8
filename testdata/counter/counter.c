#include "counter.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

void CounterAdd(int n) {
  if (!BUG) pthread_mutex_lock(&lock);
  value += n;  // RACE
  if (!BUG) pthread_mutex_unlock(&lock);
}

int CounterValue(void) { return value; }
