// KIND: close-send-race
// Of 60 senders that know nothing of each other the closer has waited for all, or for all but the first.
#include <vector>

#include "../support/channel.h"

Channel channel(62);

int main() {
  std::thread first([] {
    channel.Send(0);  // RACE
    ReachStep(1);
  });
  AwaitStep(1);
  std::vector<std::thread> senders;
  for (int i = 1; i <= 60; i++) senders.emplace_back([i] { channel.Send(i); });
  for (auto& sender : senders) sender.join();
  if (!BUG) first.join();
  channel.Close();  // RACE
  if (BUG) first.join();
  int value = 0;
  int n = 0;
  while (channel.Receive(&value)) n++;
  return n == 61 ? 0 : 3;
}
