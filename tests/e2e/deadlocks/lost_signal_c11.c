// KIND: lost-wakeup
// A wait for a notification that has been, with C11's functions.
#include <threads.h>

#include "../support/order.h"

static mtx_t mutex;
static cnd_t changed;
static int ready;

static int Wait(void* argument) {
  (void)argument;
  if (BUG) AwaitStep(1);
  mtx_lock(&mutex);
  while (BUG || !ready) {
    cnd_wait(&changed, &mutex);  // RACE
    if (ready) break;
  }
  mtx_unlock(&mutex);
  return 0;
}

int main(void) {
  mtx_init(&mutex, mtx_plain);
  cnd_init(&changed);
  thrd_t waiter;
  thrd_create(&waiter, Wait, 0);
  mtx_lock(&mutex);
  ready = 1;
  mtx_unlock(&mutex);
  cnd_signal(&changed);  // RACE
  ReachStep(1);
  return thrd_join(waiter, 0) != thrd_success;
}
