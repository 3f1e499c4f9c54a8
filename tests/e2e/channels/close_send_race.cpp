// KIND: close-send-race
// Of two senders one closes when it is done. The other was lucky: it had sent before.
#include "../support/channel.h"

Channel channel(4);

int main() {
  std::thread one([] {
    channel.Send(1);  // RACE
    ReachStep(1);
  });
  std::thread two([&] {
    channel.Send(2);
    AwaitStep(1);
    if (BUG) channel.Close();  // RACE
  });
  one.join();
  two.join();
  if (!BUG) channel.Close();
  int value = 0;
  while (channel.Receive(&value)) {
  }
}
