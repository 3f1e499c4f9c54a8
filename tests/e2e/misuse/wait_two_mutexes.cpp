// KIND: wait-two-mutexes
// A condition waited at with one mutex while another thread waits with another one.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "../support/blocked.h"

std::mutex mutex, other_mutex;
std::condition_variable changed;
bool ready;

void Wait(std::mutex& with) {
  TellTid();
  std::unique_lock lock(with);
  while (!ready) changed.wait(lock);  // RACE
}

int main() {
  std::thread first(Wait, std::ref(mutex));
  AwaitBlocked();
  ForgetTid();
  std::thread second(Wait, std::ref(BUG ? other_mutex : mutex));
  AwaitBlocked();
  {
    std::scoped_lock both(mutex, other_mutex);
    ready = true;
  }
  changed.notify_all();
  first.join();
  second.join();
}
