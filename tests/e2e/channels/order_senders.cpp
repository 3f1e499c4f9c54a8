// KIND: data-race
// The channel's own lock orders nothing: two senders of one channel are not ordered with each other, but a
// receiver is with both.
#include "../support/channel.h"

Channel channel(4);
int shared, first, second;

int main() {
  std::thread a([] {
    first = 1;
    if (BUG) shared++;  // RACE
    channel.Send(1);
    ReachStep(1);
  });
  std::thread b([] {
    AwaitStep(1);
    second = 1;
    if (BUG) shared++;  // RACE
    channel.Send(2);
  });
  int value = 0;
  for (int i = 0; i < 2; i++) channel.Receive(&value);
  const int sum = first + second;
  a.join();
  b.join();
  return sum == 2 ? 0 : 3;
}
