// KIND: nil-channel-block
// A receive from a channel that was never made waits for ever; a select may have a case that is nil.
#include "../support/channel.h"

Channel channel(1);

TOLD void ReceiveFromEither(Channel* one, Channel* other) {
  OWN_BEGIN();
  const csan_case waits[] = {{one, CSAN_RECEIVE}, {other, CSAN_RECEIVE}};
  CSAN_TELL(__csan_wait_begin, waits, 2u, 0u);
  CSAN_TELL(__csan_wait_end);
  OWN_END();
}

int main() {
  ReceiveFromEither(BUG ? nullptr : &channel, nullptr);  // RACE
}
