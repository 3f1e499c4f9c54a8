// KIND: double-close
// A library that answers a send on a closed channel with an error leaves it to the program.
#include "../support/channel.h"

Channel channel(1, BUG ? 0 : CSAN_LENIENT);

int main() {
  std::thread sender([] {
    channel.Send(1);
    ReachStep(1);
  });
  AwaitStep(1);
  channel.Close();  // RACE
  channel.Close();  // RACE
  sender.join();
  channel.Send(2);
  int value = 0;
  while (channel.Receive(&value)) {
  }
}
