// KIND: deadlock
// Two spin locks taken in opposite orders.
#include <pthread.h>

#include "../support/last_step.h"

static pthread_spinlock_t a, b;

static void* Other(void* argument) {
  pthread_spin_lock(BUG ? &b : &a);  // RACE
  if (BUG) ReachStep(1);
  if (BUG) AwaitStep(2);
  LastStep();
  pthread_spin_lock(BUG ? &a : &b);  // RACE
  pthread_spin_unlock(&a);
  pthread_spin_unlock(&b);
  return argument;
}

int main(void) {
  pthread_spin_init(&a, 0);
  pthread_spin_init(&b, 0);
  pthread_t other;
  pthread_create(&other, 0, Other, 0);
  pthread_spin_lock(&a);  // RACE
  if (BUG) AwaitStep(1);
  if (BUG) ReachStep(2);
  LastStep();
  pthread_spin_lock(&b);  // RACE
  pthread_spin_unlock(&b);
  pthread_spin_unlock(&a);
  pthread_join(other, 0);
  return 0;
}
