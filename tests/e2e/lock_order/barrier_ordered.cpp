// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <pthread.h>

#include "pair.h"

std::mutex first, second;
pthread_barrier_t barrier;

int main() {
  pthread_barrier_init(&barrier, nullptr, 2);
  std::thread one([] {
    TakeBoth(first, second);  // RACE
    ReachStep(1);
    pthread_barrier_wait(&barrier);
  });
  std::thread two([] {
    if (!BUG) pthread_barrier_wait(&barrier);
    AwaitStep(1);
    TakeBoth(second, first);  // RACE
    if (BUG) pthread_barrier_wait(&barrier);
  });
  one.join();
  two.join();
  pthread_barrier_destroy(&barrier);
}
