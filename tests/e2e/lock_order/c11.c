// KIND: lock-order-inversion
#include <threads.h>

#include "../support/order.h"

static mtx_t first, second;
static int together;

static void Both(mtx_t* one, mtx_t* two) {
  mtx_lock(one);
  mtx_lock(two);  // RACE
  together++;
  mtx_unlock(two);
  mtx_unlock(one);
}

static int One(void* unused) {
  (void)unused;
  Both(&first, &second);
  ReachStep(1);
  return 0;
}

static int Two(void* unused) {
  (void)unused;
  AwaitStep(1);
  Both(BUG ? &second : &first, BUG ? &first : &second);
  return 0;
}

int main(void) {
  thrd_t one, two;
  mtx_init(&first, mtx_plain);
  mtx_init(&second, mtx_recursive);
  thrd_create(&one, One, 0);
  thrd_create(&two, Two, 0);
  thrd_join(one, 0);
  thrd_join(two, 0);
  return together != 2;
}
