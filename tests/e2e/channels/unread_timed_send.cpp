// KIND: channel-unread
// A value of who waited with a time limit was sent where that wait began, not where an earlier one did.
#include "../support/channel.h"

int channel, other;
csan_actor parked;

// A select with one case: to send, or a time limit.
TOLD void SendInTime(int* to, int reached, int awaited) {
  OWN_BEGIN();
  const csan_case waits = {to, CSAN_SEND};
  CSAN_TELL(__csan_chan_sending, to);
  parked = ThisActor();
  CSAN_TELL(__csan_wait_begin, &waits, 1u, CSAN_TIMED);
  OWN_END();
  ReachStep(reached);
  AwaitStep(awaited);
  OWN_BEGIN();
  CSAN_TELL(__csan_wait_end);
  OWN_END();
}
TOLD void TakeFromParked(int* from) {
  OWN_BEGIN();
  CSAN_TELL(__csan_chan_put, from, parked);
  OWN_END();
}

int main() {
  __csan_chan_make(&other, 1, 0);
  __csan_chan_make(&channel, 1, 0);
  std::thread sender([] {
    SendInTime(&other, 1, 2);
    SendInTime(&channel, 3, 4);  // RACE
  });
  AwaitStep(1);
  ReachStep(2);
  AwaitStep(3);
  TakeFromParked(&channel);
  ReachStep(4);
  sender.join();
  if (BUG) __csan_chan_close(&channel);  // RACE
  __csan_chan_destroy(&channel, 1);
}
