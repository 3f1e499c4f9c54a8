// KIND: goroutine-alive-at-end
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// One of two goroutines that are there at the end is no daemon.
#include <csan/go.h>

extern "C" const char* __tsan_default_options() { return "report_live_goroutines=1"; }

csan::Chan<int> jobs;

int main() {
  jobs = csan::MakeChan<int>();
  const auto begun = csan::MakeChan<int>();
  for (int i = 0; i < 2; i++) {
    csan::go(csan::Named("watcher"), [begun, i] {  // RACE
      if (!BUG || i == 0) csan::Daemon();
      begun.Send(i);
      jobs.Receive();
    });
  }
  for (int i = 0; i < 2; i++) begun.Receive();
}
