// KIND: deadlock
// A promise that is never kept.
#include <future>
#include <thread>

#include "../support/last_step.h"

int main() {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::thread worker([&] {
    if (!BUG) promise.set_value(1);
  });
  worker.join();
  LastStep();
  return future.get() - 1;  // RACE
}
