// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// EACH: -DARRAY=0 -DARRAY=1
// A select orders what was done before the value that it took was sent, and nothing before others'.
#include "../support/own.h"

own::Queue queues[] = {own::Queue(4), own::Queue(4)};
int data[2];

int Receive() {
  int value = 0;
  own::Queue* const both[] = {&queues[0], &queues[1]};
  return ARRAY ? own::SelectOf(both, 2, value) : own::Either(queues[0], queues[1], value);
}

int main() {
  std::thread one([] {
    data[0] = 1;
    queues[0].Put(1);
    AwaitStep(1);
  });
  std::thread other([] {
    data[1] = 1;  // RACE
    ReachStep(1);
    AwaitStep(2);
    queues[1].Put(1);
  });
  AwaitStep(1);
  const int first = Receive();
  data[first]++;
  if (BUG) data[1 - first]++;  // RACE
  ReachStep(2);
  const int second = Receive();
  data[second]++;
  one.join();
  other.join();
  return first == 0 && second == 1 ? 0 : 3;
}
