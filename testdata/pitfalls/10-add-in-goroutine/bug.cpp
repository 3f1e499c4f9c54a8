// KIND: waitgroup-misuse
// Wait may run before any of the workers has counted itself.
#include <csan/go.h>

#include <cstdio>

namespace {

int Fetch(int page) { return 1000 + page; }

}  // namespace

int main() {
  csan::WaitGroup workers;
  const auto sizes = csan::MakeChan<int>(4);
  for (int page = 0; page < 4; page++) {
    csan::go([&workers, sizes, page] {
      workers.Add(1);  // RACE: raised here  // FINDING: waitgroup-add-in-goroutine
      const int size = Fetch(page);
      workers.Done();
      sizes.Send(size);
    });
  }
  workers.Wait();  // RACE: or has waited already
  int total = 0;
  for (int page = 0; page < 4; page++) total += sizes.Receive();
  std::printf("%d bytes\n", total);
}
