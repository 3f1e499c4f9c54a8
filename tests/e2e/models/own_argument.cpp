// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// What is inside the library is its own, what it is given is the program's.
#include "../support/own.h"

own::Queue queue(2);
int value = 1;

int main() {
  std::thread sender([] {
    queue.Put(value);  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  if (!BUG) sender.join();
  value = 2;  // RACE
  if (BUG) sender.join();
}
