// KIND: data-race
// C11 call_once and condition variables.
#include "../support/order.h"
#include <threads.h>
once_flag once = ONCE_FLAG_INIT;
mtx_t m;
cnd_t c;
int ready, value, plain;

static void Init(void) { value = 1; }

static int Run(void* unused) {
  (void)unused;
  call_once(&once, Init);
  mtx_lock(&m);
  ready = 1;
  cnd_signal(&c);
  mtx_unlock(&m);
  plain = 1;  // RACE
  ReachStep(1);
  return 0;
}

int main(void) {
  thrd_t t;
  mtx_init(&m, mtx_plain);
  cnd_init(&c);
  thrd_create(&t, Run, 0);
  mtx_lock(&m);
  while (!ready) cnd_wait(&c, &m);
  mtx_unlock(&m);
  call_once(&once, Init);
  int seen = value;
  AwaitStep(1);
#if BUG
  seen += plain;  // RACE
#endif
  thrd_join(t, 0);
  return seen == 0;
}
