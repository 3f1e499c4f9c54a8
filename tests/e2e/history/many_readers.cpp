// KIND: data-race
// Six readers between; each of them races with the writer.
#include "../support/order.h"
#include <mutex>
#include <vector>
int value;

int main() {
  std::vector<std::thread> readers;
  for (int i = 0; i < 6; i++) {
    readers.emplace_back([i] {
      AwaitStep(i);
      [[maybe_unused]] volatile int seen = value;  // RACE
      ReachStep(i + 1);
      AwaitStep(7);
    });
  }
  AwaitStep(6);
#if !BUG
  ReachStep(7);
  for (std::thread& t : readers) t.join();
#endif
  value = 1;  // RACE
#if BUG
  ReachStep(7);
  for (std::thread& t : readers) t.join();
#endif
}
