// KIND: waitgroup-misuse
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Group group;
int data;

int main() {
  group.Add(1);
  std::thread worker([] {
    data = 1;
    group.Done();
  });
  group.Wait();
  data++;
  worker.join();
  if (BUG) group.Done();  // RACE
  return data - 2;
}
