// KIND: data-race
// With n places the k-th receive is before the end of the (k + n)-th send, and before no earlier one.
#include "../support/channel.h"

Channel channel(2);
int slot;

int main() {
  std::thread consumer([] {
    int value = 0;
    slot = 1;  // RACE
    channel.Receive(&value);
    ReachStep(1);
  });
  channel.Send(1);
  channel.Send(2);
  AwaitStep(1);
  if (!BUG) channel.Send(3);
  slot = 2;  // RACE
  consumer.join();
}
