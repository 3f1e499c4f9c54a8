// KIND: semaphore-overflow
// One post more than a semaphore can count.
#include <limits.h>
#include <semaphore.h>

int main(void) {
  sem_t full;
  sem_init(&full, 0, BUG ? SEM_VALUE_MAX : SEM_VALUE_MAX - 1);
  sem_post(&full);  // RACE
  sem_destroy(&full);
  return 0;
}
