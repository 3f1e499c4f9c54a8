// FINDING: loop-without-cancellation
// A worker takes jobs for ever from a channel that is never closed.
#include <csan/go.h>

#include <cstdio>

namespace {

void Work(csan::ReceiveChan<int> jobs) {
  for (;;) {
    csan::Select(csan::OnReceive(jobs, [](int job) { std::printf("job %d\n", job); }));
  }
}

}  // namespace

int main() {
  const auto jobs = csan::MakeChan<int>();
  csan::go(Work, jobs);
  for (int job = 0; job < 3; job++) jobs.Send(job);
}
