// KIND: deadlock
// Two threads that name two mutexes in opposite orders: std::lock backs off, two calls do not.
#include <mutex>
#include <thread>

#include "../support/order.h"

std::mutex a, b;

void Both(std::mutex& first, std::mutex& second, int step) {
  if (BUG) {
    first.lock();  // RACE
    ReachStep(step);
    AwaitStep(2);
    second.lock();  // RACE
  } else {
    std::lock(first, second);
  }
  first.unlock();
  second.unlock();
}

int main() {
  std::thread there([] {
    for (int i = 0; i < 1000; i++) Both(a, b, 1);
  });
  if (BUG) AwaitStep(1);
  for (int i = 0; i < 1000; i++) Both(b, a, 2);
  there.join();
}
