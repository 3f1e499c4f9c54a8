// KIND: deadlock
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// EACH: -DARRAY=0 -DARRAY=1
// A select of queues to which nobody is left to send.
#include "../support/last_step.h"
#include "../support/own.h"

own::Queue left(1), right(1);

int main() {
  std::thread sender([] {
    if (!BUG) right.Put(7);
  });
  sender.join();
  LastStep();
  int value = 0;
  own::Queue* const both[] = {&left, &right};
  ARRAY ? own::SelectOf(both, 2, value) : own::Either(left, right, value);  // RACE
  return value == 7 ? 0 : 3;
}
