// KIND: lock-order-inversion
#include <pthread.h>

#include "../support/order.h"

static pthread_spinlock_t first, second;
static int together;

static void Both(pthread_spinlock_t* one, pthread_spinlock_t* two) {
  pthread_spin_lock(one);
  pthread_spin_lock(two);  // RACE
  together++;
  pthread_spin_unlock(two);
  pthread_spin_unlock(one);
}

static void* One(void* unused) {
  Both(&first, &second);
  ReachStep(1);
  return unused;
}

static void* Two(void* unused) {
  AwaitStep(1);
  if (BUG) {
    Both(&second, &first);
  } else {
    Both(&first, &second);
  }
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_spin_init(&first, 0);
  pthread_spin_init(&second, 0);
  pthread_create(&one, 0, One, 0);
  pthread_create(&two, 0, Two, 0);
  pthread_join(one, 0);
  pthread_join(two, 0);
  return together != 2;
}
