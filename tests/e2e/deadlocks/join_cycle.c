// KIND: deadlock
// Two threads that wait for each other's end.
#include <pthread.h>

#include "../support/last_step.h"

static pthread_t threads[2];

static void* First(void* argument) {
  AwaitStep(1);
  LastStep();
  pthread_join(threads[1], 0);  // RACE
  return argument;
}
static void* Second(void* argument) {
  AwaitStep(1);
  LastStep();
  if (BUG) pthread_join(threads[0], 0);  // RACE
  return argument;
}

int main(void) {
  pthread_create(&threads[0], 0, First, 0);
  pthread_create(&threads[1], 0, Second, 0);
  ReachStep(1);
#if BUG
  pthread_exit(0);
#else
  pthread_join(threads[0], 0);
  return 0;
#endif
}
