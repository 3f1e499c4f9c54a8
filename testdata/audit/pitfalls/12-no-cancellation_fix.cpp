// The worker also waits for the word to stop.
#include <csan/go.h>

#include <cstdio>

namespace {

void Work(csan::ReceiveChan<int> jobs, csan::ReceiveChan<csan::Unit> stop, csan::WaitGroup* workers) {
  bool stopped = false;
  while (!stopped) {
    csan::Select(csan::OnReceive(jobs, [](int job) { std::printf("job %d\n", job); }),
                 csan::OnReceive(stop, [&] { stopped = true; }));
  }
  workers->Done();
}

}  // namespace

int main() {
  const auto jobs = csan::MakeChan<int>();
  const auto stop = csan::MakeChan<csan::Unit>();
  csan::WaitGroup workers;
  workers.Add(1);
  csan::go(Work, jobs, stop, &workers);
  for (int job = 0; job < 3; job++) jobs.Send(job);
  stop.Close();
  workers.Wait();
}
