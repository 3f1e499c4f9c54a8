// KIND: data-race
// A barrier orders its round, not what comes after.
#include "../support/order.h"
#include <pthread.h>
pthread_barrier_t barrier;
int before, after;
volatile int seen;

int main() {
  pthread_barrier_init(&barrier, nullptr, 2);
  std::thread a([] {
    before = 1;
    pthread_barrier_wait(&barrier);
    after = 1;  // RACE
    ReachStep(1);
  });
  std::thread b([] {
    pthread_barrier_wait(&barrier);
    seen = before;
    AwaitStep(1);
#if BUG
    seen = after;  // RACE
#endif
  });
  a.join();
  b.join();
  pthread_barrier_destroy(&barrier);
}
