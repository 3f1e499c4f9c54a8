// KIND: data-race
// A coroutine is destroyed while it is suspended, by another thread than the one that ran it.
#include "../support/coroutine.h"

struct Resource {
  volatile int users;
  ~Resource() { users = 0; }  // RACE
};

Parked forever;

Task Work() {
  Resource resource;
  resource.users = 1;  // RACE
  co_await forever;
  co_return resource.users;
}

int main() {
  std::atomic<void*> at{nullptr};
  Task::Handle handle;
  InTurn(
      [&] {
        handle = Work().Release();
        handle.resume();
        if (!BUG) at.store(handle.address(), std::memory_order_release);
      },
      [&] {
        if (!BUG && at.load(std::memory_order_acquire) == nullptr) std::terminate();
        handle.destroy();
      });
}
