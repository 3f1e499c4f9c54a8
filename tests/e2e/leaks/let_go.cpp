// KIND: goroutine-leak
// Who has been let go on can run, though it has not yet and nobody else has what it waited for any more.
#include "../support/goroutine.h"

void Receive(void* channel) {
  int value = 0;
  static_cast<Channel*>(channel)->Receive(&value);  // RACE
}
void Send(void* channel) { static_cast<Channel*>(channel)->Send(1); }
void Lock(void* mutex) {
  static_cast<TestMutex*>(mutex)->Lock();
  static_cast<TestMutex*>(mutex)->Unlock();
}
void Wait(void* group) { static_cast<TestWaitGroup*>(group)->Wait(); }

UNSEEN void LetGo() {
  auto* channel = new Channel;
  auto* closed = new Channel(0, CSAN_LENIENT);
  auto* mutex = new TestMutex;
  auto* group = new TestWaitGroup;
  mutex->Lock();
  group->Add(1);
  Go(Receive, channel);  // RACE
  Go(Send, closed);
  Go(Lock, mutex);
  Go(Wait, group);
  RunAll();
  if (!BUG) channel->Send(1);
  closed->Close();
  mutex->Unlock();
  group->Add(-1);
}

int main() {
  LetGo();
  WipeStack();
  if (csan_check_leaks() != BUG) return 3;
  RunAll();
}
