// KIND: goroutine-alive-at-end
// A policy of the program's: goroutines have ended when it does, or are daemons.
#include "../support/goroutine.h"

extern "C" const char* __tsan_default_options() { return "report_live_goroutines=1"; }

Channel ticks, stop(1);

void Watch(void*) {
  int value = 0;
  stop.Receive(&value);  // RACE
}
void Tick(void*) {
  __csan_actor_daemon(nullptr);
  int value = 0;
  ticks.Receive(&value);
}

int main() {
  Go(Watch);  // RACE
  Go(Tick);
  RunAll();
  if (BUG) return 0;
  stop.Send(1);
  RunAll();
}
