// KIND: unlock-by-other
// A write lock given back by a thread that does not hold it.
#include <shared_mutex>
#include <thread>

std::shared_mutex lock;
bool unlocked;

int main() {
  lock.lock();  // RACE
  std::thread other([] {
    if (BUG) lock.unlock();  // RACE
    unlocked = BUG;
  });
  other.join();
  if (!unlocked) lock.unlock();
}
