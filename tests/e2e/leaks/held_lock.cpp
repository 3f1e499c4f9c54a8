// KIND: deadlock
// One sends with a lock held, and who would receive needs the lock. Others could go on.
#include "../support/goroutine.h"

TestMutex mutex;

void SendLocked(void* channel) {
  mutex.Lock();
  if (!BUG) mutex.Unlock();
  static_cast<Channel*>(channel)->Send(1);
  if (BUG) mutex.Unlock();
}
void LockAndReceive(void* channel) {
  int value = 0;
  mutex.Lock();  // RACE
  static_cast<Channel*>(channel)->Receive(&value);
  mutex.Unlock();
}

UNSEEN void Start() {
  Channel* channel = new Channel;
  Go(SendLocked, channel);
  Go(LockAndReceive, channel);  // RACE
}

int main() {
  Start();
  RunAll();
  WipeStack();
}
