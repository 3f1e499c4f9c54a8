// KIND: deadlock
// A cycle of three, while a fourth thread goes on.
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "../support/last_step.h"

std::mutex fork_of[3];
std::atomic<bool> done;

void Dine(int left, int right, int step) {
  std::lock_guard first(fork_of[left]);  // RACE
  if (BUG) ReachStep(step);
  if (BUG) AwaitStep(3);
  LastStep();
  std::lock_guard second(fork_of[right]);  // RACE
}

int main() {
  std::thread busy([] {
    while (!done) usleep(1000);
  });
  std::thread a(Dine, 0, 1, 1);
  if (BUG) AwaitStep(1);
  std::thread b(Dine, 1, 2, 2);
  if (BUG) AwaitStep(2);
  std::thread c(Dine, BUG ? 2 : 0, BUG ? 0 : 2, 3);
  a.join();
  b.join();
  c.join();
  done = true;
  busy.join();
}
