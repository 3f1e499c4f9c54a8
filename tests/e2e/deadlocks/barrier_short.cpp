// KIND: deadlock
// A barrier for one more than come.
#include <pthread.h>

#include <thread>

#include "../support/last_step.h"

pthread_barrier_t barrier;

int main() {
  pthread_barrier_init(&barrier, nullptr, BUG ? 3 : 2);
  int rounds = 0;
  std::thread other([&] {
    LastStep();
    pthread_barrier_wait(&barrier);  // RACE
    rounds++;
  });
  LastStep();
  pthread_barrier_wait(&barrier);  // RACE
  other.join();
}
