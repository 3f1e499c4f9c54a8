// KIND: send-on-closed
// The receiver closes, and the sender sends once more.
#include "../support/channel.h"

Channel channel(1);

int main() {
  int value = 0;
  std::thread sender([] {
    channel.Send(1);
    if (!BUG) return;
    AwaitStep(1);
    channel.Send(2);  // RACE
  });
  channel.Receive(&value);
  if (!BUG) sender.join();
  channel.Close();  // RACE
  ReachStep(1);
  if (BUG) sender.join();
  return value == 1 ? 0 : 3;
}
