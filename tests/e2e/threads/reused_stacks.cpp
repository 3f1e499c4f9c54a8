// KIND: data-race
// Stacks and thread-locals of finished threads are new memory.
#include "../support/order.h"
thread_local int counter;
int shared;

int main() {
  for (int i = 0; i < 50; i++) {
    std::thread([] {
      volatile int local[64];
      for (int k = 0; k < 64; k++) local[k] = k;
      counter++;
    }).join();
  }
  InTurn([] { shared = 1; },  // RACE
         [] {
#if BUG
           shared = 2;  // RACE
#endif
         });
}
