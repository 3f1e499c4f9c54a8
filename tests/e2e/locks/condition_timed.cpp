// KIND: data-race
// wait_for and wait_until give the mutex up and take it again.
#include "../support/order.h"
#include <chrono>
#include <condition_variable>
#include <mutex>
std::mutex m;
std::condition_variable cv;
int value;
bool done;

int main() {
  std::thread t([] {
#if !BUG
    std::lock_guard lock(m);
#endif
    value = 1;  // RACE
    done = true;
    ReachStep(1);
  });
  AwaitStep(1);
  {
    std::unique_lock lock(m);
    cv.wait_for(lock, std::chrono::milliseconds(1));
    value = 2;  // RACE
  }
  t.join();
}
