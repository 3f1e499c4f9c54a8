// FINDING: waitgroup-add-in-goroutine
// Wait may run before any of the workers has counted itself.
#include <csan/go.h>

#include <atomic>

namespace {
std::atomic<int> done{0};
}

int main() {
  csan::WaitGroup workers;
  for (int i = 0; i < 4; i++) {
    csan::go([&] {
      workers.Add(1);
      done++;
      workers.Done();
    });
  }
  workers.Wait();
  return done == 4 ? 0 : 1;
}
