// KIND: lock-order-inversion
// The main thread takes a lock more often than it is remembered where. The second thread passes it before
// the first section, or only after it, in which the first thread begins and ends.
#include <mutex>
#include <thread>

#include "../support/order.h"

std::mutex left;
std::mutex right;
std::mutex busy;
int sections;

void First() {
  std::lock_guard one(left);
  std::lock_guard two(right);  // RACE
}

void Second() {
  if (!BUG) AwaitStep(1);
  busy.lock();
  sections++;
  busy.unlock();
  ReachStep(2);
  AwaitStep(3);
  std::lock_guard one(right);
  std::lock_guard two(left);  // RACE
}

int main() {
  std::thread second(Second);
  if (BUG) AwaitStep(2);
  if (!BUG) busy.lock();
  std::thread(First).join();
  if (!BUG) busy.unlock();
  ReachStep(1);
  AwaitStep(2);
  for (int i = 0; i < 3; i++) {
    std::lock_guard again(busy);
    sections++;
  }
  ReachStep(3);
  second.join();
}
