// KIND: deadlock
// A token that is not given back on the early way out.
#include <semaphore>
#include <thread>

#include "../support/last_step.h"

std::counting_semaphore<4> tokens(1);

void Work(bool fails) {
  LastStep();
  tokens.acquire();  // RACE
  if (BUG && fails) return;
  tokens.release();
}

int main() {
  std::thread first(Work, true);
  first.join();
  std::thread second(Work, false);
  second.join();
}
