// KIND: channel-unread
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

int main() {
  auto* queue = new own::Queue(2);
  queue->Put(1);
  queue->Close();
  int value = 0;
  if (!BUG) queue->Get(value);
  delete queue;  // RACE
}
