// KIND: data-race
// A condition variable orders only through its mutex.
#include "../support/order.h"
#include <condition_variable>
#include <mutex>
std::mutex m;
std::condition_variable cv;
bool ready;
int before, after;
volatile int seen;

int main() {
  std::thread t([] {
    before = 1;
    {
      std::lock_guard lock(m);
      ready = true;
    }
    after = 1;  // RACE
    cv.notify_one();
    ReachStep(1);
  });
  {
    std::unique_lock lock(m);
    cv.wait(lock, [] { return ready; });
  }
  seen = before;
  AwaitStep(1);
#if BUG
  seen = after;  // RACE
#endif
  t.join();
}
