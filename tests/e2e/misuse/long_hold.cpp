// KIND: long-hold
// OPTIONS: long_hold_ms=500
// A lock held while the thread sleeps. A wait for a condition gives the mutex up.
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

std::mutex mutex;
std::condition_variable changed;

int main() {
  std::unique_lock lock(mutex);  // RACE
  if (BUG) {
    usleep(600000);
  } else {
    changed.wait_for(lock, std::chrono::milliseconds(600));
  }
  lock.unlock();  // RACE
  usleep(1);
}
