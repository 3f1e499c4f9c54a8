// KIND: deadlock
// Locks of two files, each by an open file of the thread's own, in different orders.
#include <sys/file.h>

#include <thread>

#include "../support/last_step.h"
#include "../support/locked_file.h"

const int left = NewFile();
const int right = NewFile();

void Move(int from, int to, int step) {
  const int first = OpenAgain(from);
  const int second = OpenAgain(to);
  flock(first, LOCK_EX);  // RACE
  if (BUG) ReachStep(step);
  if (BUG) AwaitStep(2);
  LastStep();
  flock(second, LOCK_SH);  // RACE
  close(second);
  close(first);
}

int main() {
  std::thread a(Move, left, right, 1);
  if (BUG) AwaitStep(1);
  std::thread b(Move, BUG ? right : left, BUG ? left : right, 2);
  a.join();
  b.join();
}
