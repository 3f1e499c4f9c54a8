// KIND: lock-order-inversion
// A class that is known by its initialisation; here the very same locks are asked for.
#include <pthread.h>

#include "../support/order.h"

const char* __tsan_default_options(void) { return "lock_classes=1"; }

static pthread_mutex_t parents[2], children[2];
static int together;

static void Both(pthread_mutex_t* one, pthread_mutex_t* two) {
  pthread_mutex_lock(one);
  pthread_mutex_lock(two);  // RACE
  __atomic_fetch_add(&together, 1, __ATOMIC_RELAXED);
  pthread_mutex_unlock(two);
  pthread_mutex_unlock(one);
}

static void* One(void* unused) {
  Both(&parents[0], &children[0]);
  Both(&parents[1], &children[1]);
  ReachStep(1);
  return unused;
}

static void* Two(void* unused) {
  AwaitStep(1);
  if (BUG) {
    Both(&children[1], &parents[1]);
  } else {
    Both(&parents[1], &parents[0]);
  }
  return unused;
}

static __attribute__((noinline)) void Make(int i) {
  pthread_mutex_init(&parents[i], 0);
  pthread_mutex_init(&children[i], 0);
}

int main(void) {
  pthread_t one, two;
  Make(0);
  Make(1);
  pthread_create(&one, 0, One, 0);
  pthread_create(&two, 0, Two, 0);
  pthread_join(one, 0);
  pthread_join(two, 0);
  return together != 3;
}
