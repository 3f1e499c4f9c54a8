// KIND: data-race
// A post orders what was before it.
#include "../support/order.h"
#include <semaphore.h>
sem_t sem;
int before, after;
volatile int seen;

int main() {
  sem_init(&sem, 0, 0);
  std::thread t([] {
    before = 1;
    sem_post(&sem);
    after = 1;  // RACE
    ReachStep(1);
  });
  sem_wait(&sem);
  seen = before;
  AwaitStep(1);
#if BUG
  seen = after;  // RACE
#endif
  t.join();
}
