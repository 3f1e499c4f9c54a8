// KIND: deadlock
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// Who waits at a condition gives up its lock meanwhile, and no other.
#include "../support/own.h"

own::Lock lock, other;
own::Condition changed;
int value;

int main() {
  std::thread consumer([] {
    if (BUG) other.Take();
    lock.Take();
    ReachStep(1);
    while (value == 0) changed.Wait(lock);  // RACE
    value++;
    lock.Give();
    if (BUG) other.Give();
  });
  std::thread producer([] {
    AwaitStep(1);
    other.Take();  // RACE
    lock.Take();
    value = 1;
    changed.Notify();
    lock.Give();
    other.Give();
  });
  consumer.join();
  producer.join();
}
