// KIND: close-send-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Queue queue(2);

int main() {
  std::thread sender([] {
    queue.Put(1);  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  if (!BUG) sender.join();
  queue.Close();  // RACE
  if (BUG) sender.join();
  int value = 0;
  return queue.Get(value) && !queue.Get(value) ? 0 : 3;
}
