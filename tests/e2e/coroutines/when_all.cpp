// KIND: data-race
// Two children run on threads of their own; the last to end resumes their parent, who reads what both wrote.
// The count of those that are left makes the order, unless it is relaxed.
#include "../support/coroutine.h"

constexpr auto kOrder = BUG ? std::memory_order_relaxed : std::memory_order_acq_rel;

struct All {
  std::atomic<int> left{3};
  std::coroutine_handle<> parent;
  void Arrive() {
    if (left.fetch_sub(1, kOrder) == 1) parent.resume();
  }
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    parent = h;
    Arrive();
    ReachStep(1);
  }
  void await_resume() {}
};

struct OnThread {
  std::thread& thread;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    thread = std::thread([h] {
      AwaitStep(1);
      h.resume();
    });
  }
  void await_resume() {}
};

std::thread threads[2];
int results[2];

Detached Child(int i, All* all) {
  co_await OnThread{threads[i]};
  results[i] = i + 1;  // RACE
  all->Arrive();
}
Detached Parent(int* sum) {
  All all;
  for (int i = 0; i < 2; i++) Child(i, &all);
  co_await all;
  *sum = results[0] + results[1];  // RACE
}

int main() {
  int sum = 0;
  Parent(&sum);
  for (std::thread& t : threads) t.join();
  return sum == 3 ? 0 : 1;
}
