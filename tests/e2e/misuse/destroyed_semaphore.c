// KIND: destroyed-lock
// A semaphore posted after its end.
#include <semaphore.h>

int main(void) {
  sem_t ready;
  sem_init(&ready, 0, 0);
  sem_destroy(&ready);
  if (!BUG) sem_init(&ready, 0, 0);
  sem_post(&ready);  // RACE
  return 0;
}
