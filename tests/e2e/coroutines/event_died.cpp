// KIND: coroutine-leak
// Two coroutines wait for an event, which is destroyed before it is set: the list of them dies with it.
#include <memory>
#include <vector>

#include "../support/coroutine.h"

class Event {
 public:
  void Set() {
    for (auto h : std::exchange(waiters_, {})) h.resume();
  }
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiters_.push_back(h); }
  void await_resume() {}

 private:
  std::vector<std::coroutine_handle<>> waiters_;
};

Detached Waiter(Event* event) {
  co_await *event;  // RACE
}

UNSEEN void Run() {
  auto event = std::make_unique<Event>();
  Waiter(event.get());
  Waiter(event.get());
  if (!BUG) event->Set();
}

int main() {
  Run();
  WipeStack();
}
