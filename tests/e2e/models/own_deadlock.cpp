// KIND: deadlock
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Lock a, b;

int main() {
  std::thread first([] {
    a.Take();
    ReachStep(1);
    if (BUG) AwaitStep(2);
    b.Take();  // RACE
    b.Give();
    a.Give();
  });
  std::thread second([] {
    AwaitStep(1);
    if (!BUG) a.Take();
    b.Take();
    ReachStep(2);
    if (BUG) a.Take();  // RACE
    b.Give();
    a.Give();
  });
  first.join();
  second.join();
}
