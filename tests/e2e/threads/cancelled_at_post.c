// KIND: data-race
// A wait for a semaphore acts on a cancellation even if it need not wait; the join orders what came before.
#include <pthread.h>
#include <semaphore.h>

#include "../support/order.h"

static sem_t posted;
static int data;

static void* Take(void* argument) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, 0);
  data++;  // RACE
  ReachStep(1);
  AwaitStep(2);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, 0);
  sem_wait(&posted);
  return argument;
}

int main(void) {
  sem_init(&posted, 0, 1);
  pthread_t thread;
  pthread_create(&thread, 0, Take, 0);
  AwaitStep(1);
  if (BUG) data++;  // RACE
  pthread_cancel(thread);
  ReachStep(2);
  void* result = 0;
  pthread_join(thread, &result);
  int value = 0;
  sem_getvalue(&posted, &value);
  data++;
  return result != PTHREAD_CANCELED || value != 1 || data < 2;
}
