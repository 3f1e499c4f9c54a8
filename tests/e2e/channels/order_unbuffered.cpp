// KIND: data-race
// A send is before its receive, and without a buffer a receive before the end of its send; what the sender
// does afterwards is ordered with nothing.
#include "../support/channel.h"

Channel channel;
int before, after;

int main() {
  std::thread other([] {
    int value = 0;
    after = 1;
    channel.Receive(&value);
    if (BUG) AwaitStep(1);
    before++;  // RACE
  });
  before = 1;
  channel.Send(7);
  after++;
  if (BUG) {
    before++;  // RACE
    ReachStep(1);
  }
  other.join();
  return after == 2 ? 0 : 3;
}
