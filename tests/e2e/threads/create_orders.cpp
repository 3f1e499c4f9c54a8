// KIND: data-race
// Writing an argument after the thread was created.
#include "../support/order.h"
int argument;
volatile int seen;

int main() {
#if !BUG
  argument = 1;
#endif
  std::thread t([] {
    seen = argument;  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
#if BUG
  argument = 1;  // RACE
#endif
  t.join();
}
