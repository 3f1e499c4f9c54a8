// KIND: data-race
// OBJECT: tls
// A thread-local variable whose address another thread was given.
#include "../support/order.h"
thread_local int mine = 0;
int main() {
  int* volatile given = &mine;
  std::thread t([&] {
    *given = 1;  // RACE
    ReachStep(1);
  });
#if !BUG
  t.join();
#endif
  AwaitStep(1);
  mine = 2;  // RACE
#if BUG
  t.join();
#endif
}
