// KIND: deadlock
// The program waits for workers that wait for work, which only it could send.
#include "../support/goroutine.h"

Channel jobs(4);
TestWaitGroup group;
int done;

void Work(void*) {
  int job = 0;
  while (jobs.Receive(&job)) done++;  // RACE
  group.Add(-1);
}

int main() {
  group.Add(2);
  Go(Work);
  Go(Work);
  for (int i = 0; i < 4; i++) jobs.Send(i);
  if (!BUG) jobs.Close();
  RunAll();
  group.Wait();  // RACE
  return done == 4 ? 0 : 3;
}
