// KIND: livelock
// OPTIONS: livelock_ms=200
// Three that each try the next one's lock with their own in hand; or one of them begins with the other.
#include <chrono>
#include <mutex>
#include <thread>

#include "../support/order.h"

std::timed_mutex mutexes[3];
int together;

UNSEEN void Meet(int round) {
  __atomic_add_fetch(&together, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&together, __ATOMIC_ACQUIRE) < 3 * round) sched_yield();
}

void Work(int own, int other) {
  for (int round = 1;; round++) {
    std::unique_lock first(mutexes[own]);  // RACE
    if (BUG) Meet(2 * round - 1);
    std::unique_lock second(mutexes[other], std::defer_lock);
    const bool got =
        own == 0 ? second.try_lock_for(std::chrono::milliseconds(1)) : second.try_lock();  // RACE
    if (BUG) Meet(2 * round);
    if (got) return;
  }
}

int main() {
  std::thread a(Work, 0, 1);
  std::thread b(Work, 1, 2);
  std::thread c(Work, BUG ? 2 : 0, BUG ? 0 : 2);
  a.join();
  b.join();
  c.join();
}
