// Go says Done, once, however the function ends.
#include <csan/go.h>

#include <cstdio>

namespace {

csan::WaitGroup jobs;

bool Load(const char* name) { return *name != 0; }

void Job(const char* name) {
  if (!Load(name)) {
    std::puts("a job without a name");
    return;
  }
  std::puts(name);
}

}  // namespace

int main() {
  jobs.Go([] { Job(""); });
  jobs.Wait();
}
