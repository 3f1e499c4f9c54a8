// KIND: data-race
// Who registers a handler of quick_exit is ordered before its run; the last one registered runs first.
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int value, runs;

void First() {
  if (runs++ != 0) _exit(3);
  value = 2;  // RACE
}
void Last() {
  if (runs++ != 1) _exit(4);
  // What the runtime would say of the end it says here too.
  _exit(0);
}

int main() {
  at_quick_exit(Last);
  std::thread([] {
    if (!BUG) value = 1;
    at_quick_exit(First);
    if (BUG) value = 1;  // RACE
    ReachStep(1);
    for (;;) pause();
  }).detach();
  AwaitStep(1);
  quick_exit(0);
}
