// KIND: deadlock
// Two told locks in either order: their holders wait for each other, as the library says.
#include "../support/channel.h"

TestMutex a, b;
int counter;

int main() {
  std::thread other([] {
    TestMutex& first = BUG ? b : a;
    TestMutex& second = BUG ? a : b;
    for (int i = 0; i < 100; i++) {
      first.Lock();  // RACE
      if (BUG) ReachStep(1);
      if (BUG) AwaitStep(2);
      second.Lock();  // RACE
      counter++;
      second.Unlock();
      first.Unlock();
    }
  });
  for (int i = 0; i < 100; i++) {
    a.Lock();  // RACE
    if (BUG) AwaitStep(1);
    if (BUG) ReachStep(2);
    b.Lock();  // RACE
    counter++;
    b.Unlock();
    a.Unlock();
  }
  other.join();
  return counter == 200 ? 0 : 3;
}
