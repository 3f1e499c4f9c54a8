// KIND: close-send-race
// Who has received what was sent may close, also of an unbuffered channel whose sender is parked; the sender
// of another value has nothing to do with that.
#include "../support/channel.h"

Channel channel(BUG ? 2 : 0);

int main() {
  int value = 0;
  std::thread sender([] {
    channel.Send(1);
    if (BUG) channel.Send(2);  // RACE
    ReachStep(1);
  });
  if (BUG) AwaitStep(1);
  channel.Receive(&value);
  channel.Close();  // RACE
  sender.join();
  while (channel.Receive(&value)) {
  }
}
