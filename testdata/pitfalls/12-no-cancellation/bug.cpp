// KIND: goroutine-leak
// A worker takes jobs for ever from a channel that is never closed.
#include <csan/go.h>

#include <cstdio>

namespace {

void Print(int job) { std::printf("job %d\n", job); }

void Work(csan::ReceiveChan<int> jobs) {
  for (;;) {                                     // FINDING: loop-without-cancellation
    csan::Select(csan::OnReceive(jobs, Print));  // RACE: waits here for ever
  }
}

}  // namespace

int main() {
  const auto jobs = csan::MakeChan<int>();
  csan::go(Work, jobs);  // RACE: created here
  for (int job = 0; job < 3; job++) jobs.Send(job);
}
