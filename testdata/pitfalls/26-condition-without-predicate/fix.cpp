// The client looks at what it waits for, under the mutex, before it waits.
#include "ready.h"

static bool ready = false;

int main() {
  std::thread client([] {
    AwaitTold();
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return ready; });
  });
  {
    std::lock_guard lock(mutex);
    ready = true;
  }
  changed.notify_all();
  told.store(true, std::memory_order_relaxed);
  client.join();
}
