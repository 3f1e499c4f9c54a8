// KIND: data-race
// FLAGS: -ltbb
#include <oneapi/tbb/concurrent_queue.h>

#include "../support/order.h"

tbb::concurrent_bounded_queue<int*> queue;
int data[200], beside;

int main() {
  queue.set_capacity(2);
  std::thread sender([] {
    for (int i = 0; i < 200; i++) {
      data[i] = i;
      queue.push(&data[i]);
    }
  });
  for (int i = 0; i < 200; i++) {
    int* value = nullptr;
    queue.pop(value);
    if ((*value)++ != i) __builtin_trap();
  }
  sender.join();
  InTurn(
      [] {
        if (!BUG) beside = 1;
        queue.push(data);
        if (BUG) beside = 1;  // RACE
      },
      [] {
        int* value = nullptr;
        if (!queue.try_pop(value)) __builtin_trap();
        beside++;  // RACE
      });
}
