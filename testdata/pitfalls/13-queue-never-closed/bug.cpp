// KIND: goroutine-leak
// The workers of a pool range over a queue that nobody closes.
#include <csan/go.h>

#include <cstdio>

namespace {

int Resize(int images) {
  const auto jobs = csan::MakeChan<int>(4);
  const auto sizes = csan::MakeChan<int>(4);
  for (int worker = 0; worker < 3; worker++) {
    csan::go([jobs, sizes] {                          // RACE: created here
      for (int image : jobs) sizes.Send(image / 2);  // RACE: waits here for ever
    });
  }
  csan::go([jobs, images] {
    for (int image = 0; image < images; image++) jobs.Send(image);
  });
  int total = 0;
  for (int image = 0; image < images; image++) total += sizes.Receive();
  return total;
}

}  // namespace

int main() { std::printf("%d\n", Resize(10)); }
