// KIND: data-race
// Closing is before a receive that finds the channel closed.
#include "../support/channel.h"

Channel channel(1);
int data;

int main() {
  std::thread other([] {
    int value = 0;
    if (!BUG) channel.Receive(&value);
    if (BUG) AwaitStep(1);
    data++;  // RACE
  });
  data++;  // RACE
  channel.Close();
  ReachStep(1);
  other.join();
}
