// KIND: data-race
// std::counting_semaphore orders release before acquire.
#include "../support/order.h"
#include <semaphore>
std::binary_semaphore sem(0);
int before, after;
volatile int seen;

int main() {
  std::thread t([] {
    before = 1;
    sem.release();
    after = 1;  // RACE
    ReachStep(1);
  });
  sem.acquire();
  seen = before;
  AwaitStep(1);
#if BUG
  seen = after;  // RACE
#endif
  t.join();
}
