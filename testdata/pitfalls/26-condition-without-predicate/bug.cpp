// KIND: lost-wakeup
// The client waits for the notification instead of for what it tells of: it came before.
#include "ready.h"

int main() {
  std::thread client([] {
    AwaitTold();
    std::unique_lock lock(mutex);
    changed.wait(lock);  // RACE: nobody notifies again  // FINDING: wait-without-predicate
  });
  changed.notify_all();  // RACE: nobody waits yet
  told.store(true, std::memory_order_relaxed);
  client.join();
}
