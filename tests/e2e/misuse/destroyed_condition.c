// KIND: destroyed-lock
// A condition variable notified after its end.
#include <pthread.h>

int main(void) {
  pthread_cond_t changed;
  pthread_cond_init(&changed, 0);
  pthread_cond_destroy(&changed);
  if (!BUG) changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
  pthread_cond_signal(&changed);  // RACE
  if (!BUG) pthread_cond_destroy(&changed);
  if (!BUG) pthread_cond_init(&changed, 0);
  if (!BUG) pthread_cond_broadcast(&changed);
  return 0;
}
