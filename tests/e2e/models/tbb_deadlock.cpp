// KIND: deadlock
// FLAGS: -ltbb
// Who should make room waits for the end of who waits for room.
#include <oneapi/tbb/concurrent_queue.h>

#include <thread>

tbb::concurrent_bounded_queue<int> queue;

int main() {
  queue.set_capacity(1);
  std::thread sender([] {
    queue.push(1);
    queue.push(2);  // RACE
  });
  int value = 0;
  if (!BUG) queue.pop(value);
  sender.join();
  queue.pop(value);
}
