// KIND: data-race
// A spin lock.
#include "../support/order.h"
#include <pthread.h>
pthread_spinlock_t s;
int value;

static void First() {
  pthread_spin_lock(&s);
  value = 1;  // RACE
  pthread_spin_unlock(&s);
}
static void Second() {
#if BUG
  value = 2;  // RACE
#else
  pthread_spin_lock(&s);
  value = 2;
  pthread_spin_unlock(&s);
#endif
}

int main() {
  pthread_spin_init(&s, 0);
  InTurn(First, Second);
}
