// KIND: coroutine-leak
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Coroutines go from goroutine to goroutine by a channel, which orders what they do and keeps them meanwhile.
// If nobody takes them out any more, they are lost with it.
#include <csan/go.h>

#include "../support/coroutine.h"

using Handles = csan::Chan<void*>;
constexpr int kCoroutines = 20;
constexpr int kHops = 20;
int hops[kCoroutines];

struct Hop {
  Handles to;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    const Handles still = to;  // whoever takes the handle may be done with this before Send returns
    still.Send(h.address());
  }
  void await_resume() {}
};

Detached Work(int i, Handles to, csan::WaitGroup* left) {
  for (int k = 0; k < kHops; k++) {
    hops[i]++;
    co_await Hop{to};  // RACE
  }
  left->Done();
}

UNSEEN void Run() {
  Handles handles = csan::MakeChan<void*>(kCoroutines);
  csan::WaitGroup left;
  left.Add(kCoroutines);
  for (int i = 0; i < kCoroutines; i++) Work(i, handles, &left);
  if (BUG) return;
  for (int g = 0; g < 4; g++) {
    csan::go([handles] {
      for (void* h : handles) std::coroutine_handle<>::from_address(h).resume();
    });
  }
  left.Wait();
  handles.Close();
}

int main() {
  Run();
  WipeStack();
  for (int n : hops) {
    if (n != (BUG ? 1 : kHops)) return 1;
  }
}
