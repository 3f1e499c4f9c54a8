// Two threads count under a lock.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count = 0;

static void Count() {
  for (int i = 0; i < 1000; i++) {
    std::lock_guard lock(mutex);
    count++;
  }
}

int main() {
  std::thread one(Count);
  std::thread two(Count);
  one.join();
  two.join();
  return count != 2000;
}
