// KIND: close-of-nil
#include "../support/channel.h"

int main() {
  Channel channel;
  Channel* const made = BUG ? nullptr : &channel;
  if (made == nullptr) {
    __csan_chan_close(made);  // RACE
  } else {
    made->Close();
  }
}
