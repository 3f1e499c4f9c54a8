// KIND: livelock
// OPTIONS: livelock_ms=200
// Two poll a lock that the other one keeps; or only one of them has what it polls for once in a while.
#include <unistd.h>

#include <mutex>
#include <thread>

#include "../support/order.h"

std::mutex left;
std::mutex right;

void Poll(std::mutex& lock) {
  while (!lock.try_lock()) usleep(1000);  // RACE
}

int main() {
  std::thread a([] {
    left.lock();  // RACE
    ReachStep(1);
    AwaitStep(2);
    for (int i = 0; i < 10; i++) {
      Poll(right);
      right.unlock();
      usleep(40000);
    }
    left.unlock();
  });
  AwaitStep(1);
  if (BUG) right.lock();  // RACE
  ReachStep(2);
  Poll(left);
  left.unlock();
  a.join();
}
