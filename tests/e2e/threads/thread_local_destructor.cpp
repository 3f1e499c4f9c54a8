// KIND: data-race
// Destructors of thread-local objects are checked, and ordered by the join.
#include "../support/order.h"
int log_size;
struct Flusher {
  ~Flusher() { log_size++; }  // RACE
};
thread_local Flusher flusher;
volatile int seen;

int main() {
  std::thread t([] { (void)&flusher; });
#if BUG
  std::thread u([] { log_size++; });  // RACE
  u.join();
#endif
  t.join();
  seen = log_size;
}
