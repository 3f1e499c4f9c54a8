// KIND: send-on-closed
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Queue queue(2);

int main() {
  if (!BUG) queue.Put(1);
  queue.Close();
  if (BUG) queue.Put(1);  // RACE
  int value = 0;
  while (queue.Get(value)) {
  }
}
