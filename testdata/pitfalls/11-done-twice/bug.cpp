// KIND: waitgroup-misuse
// The path of an error says Done, and so does the end of the function.
#include <csan/go.h>

#include <cstdio>

namespace {

csan::WaitGroup jobs;

bool Load(const char* name) { return *name != 0; }

void Job(const char* name) {
  if (!Load(name)) {
    std::puts("a job without a name");
    jobs.Done();  // RACE: it was done here
  }
  jobs.Done();  // RACE: below zero
}

}  // namespace

int main() {
  const auto ended = csan::MakeChan<csan::Unit>();
  jobs.Add(1);
  csan::go([ended] {
    try {
      Job("");
    } catch (const csan::Panic& panic) {
      std::printf("recovered: %s\n", panic.what());
    }
    ended.Close();
  });
  jobs.Wait();
  ended.Receive();
}
