// KIND: data-race
// Threads created and joined in between.
#include "../support/order.h"
int value;

int main() {
  std::thread waiting([] {
    AwaitStep(1);
#if BUG
    value = 2;  // RACE
#endif
  });
  std::thread([] { value = 1; }).join();  // RACE
  for (int i = 0; i < 500; i++) std::thread([] {}).join();
  ReachStep(1);
  waiting.join();
}
