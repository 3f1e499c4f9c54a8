// KIND: goroutine-leak
// Workers wait for jobs for ever: the queue is never closed. At exit nobody is left who has it.
#include "../support/goroutine.h"

int done;

void Work(void* jobs) {
  int job = 0;
  while (static_cast<Channel*>(jobs)->Receive(&job)) done++;  // RACE
}

UNSEEN void Produce() {
  Channel* jobs = new Channel(8);
  for (int i = 0; i < 3; i++) Go(Work, jobs);  // RACE
  for (int i = 0; i < 8; i++) jobs->Send(i);
  if (!BUG) jobs->Close();
}

int main() {
  Produce();
  RunAll();
  WipeStack();
  return done == 8 ? 0 : 3;
}
