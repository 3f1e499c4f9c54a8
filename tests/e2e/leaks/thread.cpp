// KIND: goroutine-leak
// A thread that waits is looked at like a goroutine; one that waits for a time is not, nor is a daemon.
#include "../support/channel.h"

UNSEEN void Start() {
  Channel* channel = new Channel;
  std::thread([channel] {
    if (!BUG) __csan_actor_daemon(nullptr);
    ReachStep(1);
    int value = 0;
    channel->Receive(&value);  // RACE
  }).detach();
}

int main() {
  Start();
  AwaitStep(1);
  // The wait begins soon after that step.
  for (int i = 0; BUG && i < 10000; i++) {
    WipeStack();
    if (csan_check_leaks() != 0) break;
    sched_yield();
  }
}
