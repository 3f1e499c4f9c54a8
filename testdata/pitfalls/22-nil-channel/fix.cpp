// The channel is made before it is used.
#include <csan/go.h>

#include <cstdio>

namespace {

struct Scheduler {
  csan::Chan<int> results = csan::MakeChan<int>();

  void Collect() const {
    std::printf("result %d\n", results.Receive());
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
