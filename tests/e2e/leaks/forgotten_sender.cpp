// KIND: goroutine-leak
// Who asked has gone away, and the answer has no place in the channel.
#include "../support/goroutine.h"

void Answer(void* channel) {
  static_cast<Channel*>(channel)->Send(42);  // RACE
}

// The only pointer to the channel dies here, if the goroutine does not.
UNSEEN void Ask() {
  Go(Answer, new Channel(BUG ? 0 : 1));  // RACE
}

int main() {
  Ask();
  RunAll();
  WipeStack();
  return csan_check_leaks() == BUG ? 0 : 3;
}
