// KIND: nil-channel-block
// A scheduler's channel of results is declared, but never made: nobody can ever send to it.
#include <csan/go.h>

#include <cstdio>

namespace {

struct Scheduler {
  csan::Chan<int> results;

  void Collect() const {
    std::printf("result %d\n", results.Receive());  // RACE: waits here for ever
  }
};

}  // namespace

int main() {
  const Scheduler scheduler;
  csan::WaitGroup collector;
  collector.Go([&] { scheduler.Collect(); });
  if (scheduler.results) scheduler.results.Send(1);
  collector.Wait();
}
