// Who has the lock calls what needs it to be held, and does not lock again.
#include "routes.h"

namespace {

std::string DefaultLocked() { return routes.at(""); }

std::string Find(const std::string& path, const csan::Chan<csan::Unit>& reading) {
  const std::shared_lock read(mutex);
  reading.Close();
  AwaitWriter();
  const auto found = routes.find(path);
  return found != routes.end() ? found->second : DefaultLocked();
}

}  // namespace

int main() { return Run(Find); }
