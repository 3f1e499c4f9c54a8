// Each worker is counted before it starts.
#include <csan/go.h>

#include <cstdio>

namespace {

int Fetch(int page) { return 1000 + page; }

}  // namespace

int main() {
  csan::WaitGroup workers;
  const auto sizes = csan::MakeChan<int>(4);
  for (int page = 0; page < 4; page++) {
    workers.Add(1);
    csan::go([&workers, sizes, page] {
      const int size = Fetch(page);
      workers.Done();
      sizes.Send(size);
    });
  }
  workers.Wait();
  int total = 0;
  for (int page = 0; page < 4; page++) total += sizes.Receive();
  std::printf("%d bytes\n", total);
}
