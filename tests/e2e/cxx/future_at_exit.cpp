// KIND: data-race
// What becomes ready when a thread exits orders all that the thread did, in destructors of its thread-local
// objects too; what has been asked too early orders nothing.
#include "../support/order.h"
#include <future>
#include <vector>
int value;
volatile int seen;

struct AtEnd {
  int* at = nullptr;
  ~AtEnd() {
    if (at != nullptr) *at = 2;
  }
};
thread_local AtEnd at_end;

int main() {
  for (int i = 0; i < 10; i++) {
    int last = 0;
    std::promise<std::vector<int>> promise;
    std::future<std::vector<int>> future = promise.get_future();
    std::thread t([&] {
      at_end.at = &last;
      promise.set_value_at_thread_exit(std::vector<int>(100, i));
    });
    t.detach();
    if (future.get()[99] != i || last != 2) __builtin_trap();
  }
  std::packaged_task<int(int)> task([](int i) { return i + 1; });
  std::future<int> future = task.get_future();
  std::thread t([&] {
    task.make_ready_at_thread_exit(1);
    value = 1;  // RACE
    ReachStep(1);
    AwaitStep(2);
  });
  AwaitStep(1);
#if BUG
  future.wait_for(std::chrono::seconds(0));
  seen = value;  // RACE
#endif
  ReachStep(2);
  if (future.get() != 2) __builtin_trap();
  seen = value;
  t.join();
}
