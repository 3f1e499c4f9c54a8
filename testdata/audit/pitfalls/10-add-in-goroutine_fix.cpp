// Each worker is counted before it starts.
#include <csan/go.h>

#include <atomic>

namespace {
std::atomic<int> done{0};
}

int main() {
  csan::WaitGroup workers;
  for (int i = 0; i < 4; i++) {
    workers.Add(1);
    csan::go([&] {
      done++;
      workers.Done();
    });
  }
  workers.Wait();
  return done == 4 ? 0 : 1;
}
