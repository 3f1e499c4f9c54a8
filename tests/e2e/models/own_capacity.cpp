// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// The k-th receive is before the end of the (k + capacity)-th send, and before no earlier one.
#include "../support/own.h"

own::Queue queue(2);
int slot;

int main() {
  std::thread consumer([] {
    int value = 0;
    slot = 1;  // RACE
    queue.Get(value);
    ReachStep(1);
  });
  queue.Put(1);
  queue.Put(2);
  AwaitStep(1);
  if (!BUG) queue.Put(3);
  slot = 2;  // RACE
  consumer.join();
}
