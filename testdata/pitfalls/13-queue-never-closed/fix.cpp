// Who sends the jobs closes the queue, and the end of the workers is waited for.
#include <csan/go.h>

#include <cstdio>

namespace {

int Resize(int images) {
  const auto jobs = csan::MakeChan<int>(4);
  const auto sizes = csan::MakeChan<int>(4);
  csan::WaitGroup workers;
  for (int worker = 0; worker < 3; worker++) {
    workers.Go([jobs, sizes] {
      for (int image : jobs) sizes.Send(image / 2);
    });
  }
  csan::go([jobs, images] {
    for (int image = 0; image < images; image++) jobs.Send(image);
    jobs.Close();
  });
  int total = 0;
  for (int image = 0; image < images; image++) total += sizes.Receive();
  workers.Wait();
  return total;
}

}  // namespace

int main() { std::printf("%d\n", Resize(10)); }
