// KIND: lock-order-inversion
// A lock held for writing is a gate; held for reading by both it keeps nobody out.
#include <pthread.h>

#include "../support/order.h"

static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static int together;

static void Both(pthread_mutex_t* one, pthread_mutex_t* two) {
  pthread_rwlock_rdlock(&gate);
  pthread_mutex_lock(one);
  pthread_mutex_lock(two);  // RACE
  together++;
  pthread_mutex_unlock(two);
  pthread_mutex_unlock(one);
  pthread_rwlock_unlock(&gate);
}

static void* One(void* unused) {
  Both(&first, &second);
  ReachStep(1);
  return unused;
}

static void* Two(void* unused) {
  AwaitStep(1);
#if BUG
  Both(&second, &first);
#else
  pthread_rwlock_wrlock(&gate);
  pthread_mutex_lock(&second);
  pthread_mutex_lock(&first);
  together++;
  pthread_mutex_unlock(&first);
  pthread_mutex_unlock(&second);
  pthread_rwlock_unlock(&gate);
#endif
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, 0, One, 0);
  pthread_create(&two, 0, Two, 0);
  pthread_join(one, 0);
  pthread_join(two, 0);
  return together != 2;
}
