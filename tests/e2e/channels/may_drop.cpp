// KIND: possible-loss
// Whoever closes a channel of such a library may mean to drop what is in it.
#include "../support/channel.h"

int main() {
  Channel channel(4, CSAN_MAY_DROP);
  channel.Send(1);
  channel.Send(2);
  channel.Close();
  int value = 0;
  while (channel.Receive(&value) && !BUG) {
  }
}  // RACE
