// KIND: data-race
// A thread that leaves by pthread_exit is ordered by the join like any other.
#include "../support/order.h"
#include <pthread.h>
int value;
volatile int seen;

static void* Run(void*) {
  value = 1;  // RACE
  ReachStep(1);
  pthread_exit(nullptr);
}

int main() {
  pthread_t t;
  pthread_create(&t, nullptr, Run, nullptr);
#if BUG
  AwaitStep(1);
  seen = value;  // RACE
#endif
  pthread_join(t, nullptr);
  seen = value;
}
