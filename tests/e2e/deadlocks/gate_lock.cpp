// KIND: deadlock
// Opposite orders under a lock that lets in one thread at a time cannot hang.
#include <mutex>
#include <thread>

#include "../support/order.h"

std::mutex gate, a, b;

void Both(std::mutex& first, std::mutex& second, int step) {
  std::unique_lock enter(gate, std::defer_lock);
  if (!BUG) enter.lock();
  std::lock_guard one(first);  // RACE
  if (BUG) ReachStep(step);
  if (BUG) AwaitStep(2);
  std::lock_guard other(second);  // RACE
}

int main() {
  std::thread there([] {
    for (int i = 0; i < 100; i++) Both(a, b, 1);
  });
  if (BUG) AwaitStep(1);
  for (int i = 0; i < 100; i++) Both(b, a, 2);
  there.join();
}
