// KIND: coroutine-leak
// Frames that are kept and resumed in unusual ways: in a static object, a callback, a thread-local variable,
// by an await_suspend that says no or throws, in deep recursion, over-aligned, of megabytes.
#include <csan/annotate.h>

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "../support/coroutine.h"

void Look(int expected) {
  WipeStack();
  if (csan_check_leaks() != expected) std::terminate();
}

// Calls `f` with the handle; it is resumed unless that throws or says false.
template <typename F>
struct Call {
  F f;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<> h) { return f(h); }
  void await_resume() {}
};
template <typename F>
Call(F) -> Call<F>;

struct Loop {
  std::map<int, std::coroutine_handle<>> waiting;
  std::vector<std::function<void()>> later;
};
Loop& TheLoop() {
  static Loop loop;  // destroyed with the frames still in it
  return loop;
}
thread_local std::coroutine_handle<> of_thread;

Detached InMap(int i) {
  co_await Call{[i](std::coroutine_handle<> h) { return TheLoop().waiting.emplace(i, h).second; }};
}
Detached InCallback() {
  co_await Call{[](std::coroutine_handle<> h) {
    TheLoop().later.push_back([h] { h.resume(); });
    return true;
  }};
}
Detached InThread() {
  co_await Call{[](std::coroutine_handle<> h) {
    of_thread = h;
    return true;
  }};
}
Task GoesOn() {
  co_await Call{[](std::coroutine_handle<>) { return false; }};
  try {
    co_await Call{[](std::coroutine_handle<>) -> bool { throw 1; }};
  } catch (int) {
    Look(0);
  }
  co_return 1;
}
Task Deep(int n) {
  if (n == 0) Look(0);
  co_return n == 0 ? 0 : 1 + co_await Deep(n - 1);
}
struct alignas(128) Wide {
  char bytes[128];
};
Detached OverAligned(Parked* at) {
  Wide wide = {};
  co_await *at;
  if (wide.bytes[5] != 0) std::terminate();
}
Detached Large(Parked* at) {
  char bytes[2 << 20];
  bytes[77] = 1;
  co_await *at;
  if (bytes[77] != 1) std::terminate();
}
Detached Lost(Parked* at) {
  co_await *at;  // RACE
}

UNSEEN void Start() {
  for (int i = 0; i < 50; i++) InMap(i);
  for (int i = 0; i < 50; i++) InCallback();
  InThread();
  if (BUG) Lost(std::make_unique<Parked>().get());
}

int main() {
  Start();
  std::thread other([] {
    InThread();
    ReachStep(1);
    AwaitStep(2);
    of_thread.resume();
  });
  AwaitStep(1);
  Parked aligned, large;
  OverAligned(&aligned);
  Large(&large);
  Look(BUG);
  ReachStep(2);
  other.join();
  aligned.handle.resume();
  large.handle.resume();
  Task odd = GoesOn();
  odd.Start();
  Task deep = Deep(200);
  deep.Start();
  return odd.Value() == 1 && deep.Value() == 200 ? 0 : 1;
}
