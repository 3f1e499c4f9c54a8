// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <semaphore.h>

#include "pair.h"

std::mutex first, second;
sem_t done;

int main() {
  sem_init(&done, 0, 0);
  InTurn(
      [] {
        TakeBoth(first, second);  // RACE
        sem_post(&done);
      },
      [] {
        while (!BUG && sem_wait(&done) != 0) {
        }
        TakeBoth(second, first);  // RACE
      });
}
