// KIND: deadlock
// A reader calls another function that takes the read lock too: a writer that came in between waits for the
// first lock, and the second lock waits for the writer.
#include "routes.h"

namespace {

std::string Default() {
  const std::shared_lock read(mutex);  // RACE: waits behind the writer
  return routes.at("");
}

std::string Find(const std::string& path, const csan::Chan<csan::Unit>& reading) {
  const std::shared_lock read(mutex);  // RACE: what the writer waits for
  reading.Close();
  AwaitWriter();
  const auto found = routes.find(path);
  return found != routes.end() ? found->second : Default();
}

}  // namespace

int main() { return Run(Find); }
