// The worker also waits for the word to stop.
#include <csan/go.h>

#include <cstdio>

namespace {

void Work(csan::ReceiveChan<int> jobs, csan::Context context, csan::WaitGroup* workers) {
  bool stopped = false;
  while (!stopped) {
    csan::Select(csan::OnReceive(jobs, [](int job) { std::printf("job %d\n", job); }),
                 csan::OnReceive(context.Done(), [&] { stopped = true; }));
  }
  workers->Done();
}

}  // namespace

int main() {
  const auto jobs = csan::MakeChan<int>();
  const auto [context, cancel] = csan::WithCancel(csan::Background());
  csan::WaitGroup workers;
  workers.Add(1);
  csan::go(Work, jobs, context, &workers);
  for (int job = 0; job < 3; job++) jobs.Send(job);
  cancel();
  workers.Wait();
}
