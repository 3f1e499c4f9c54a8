// KIND: channel-unread
// Of an open channel that is abandoned nobody misses anything, unless it says so.
#include "../support/channel.h"

int main() {
  Channel channel(4, BUG ? CSAN_MUST_DRAIN : 0);
  channel.Send(1);  // RACE
}
