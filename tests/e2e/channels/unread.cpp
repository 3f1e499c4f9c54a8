// KIND: channel-unread
// Values that are still in a closed channel at its end are lost.
#include "../support/channel.h"

int main() {
  Channel channel(4);
  channel.Send(1);
  channel.Send(2);  // RACE
  channel.Close();  // RACE
  int value = 0;
  channel.Receive(&value);
  if (!BUG) channel.Receive(&value);
}
