// KIND: data-race
// C11 threads and mutexes.
#include "../support/order.h"
#include <threads.h>
mtx_t m;
int value;

static int First(void* unused) {
  mtx_lock(&m);
  value = 1;  // RACE
  mtx_unlock(&m);
  ReachStep(1);
  return *(int*)unused;
}
static int Second(void* unused) {
  AwaitStep(1);
#if BUG
  value = 2;  // RACE
#else
  mtx_lock(&m);
  value = 2;
  mtx_unlock(&m);
#endif
  return *(int*)unused;
}

int main(void) {
  thrd_t a, b;
  int seven = 7, result = 0;
  mtx_init(&m, mtx_plain);
  thrd_create(&a, First, &seven);
  thrd_create(&b, Second, &seven);
  thrd_join(a, &result);
  thrd_join(b, 0);
  mtx_destroy(&m);
  return result == 7 ? 0 : 1;
}
