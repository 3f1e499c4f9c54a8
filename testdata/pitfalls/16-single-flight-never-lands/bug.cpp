// KIND: deadlock
// All callers wait for one call, which waits for a backend that never answers.
#include <csan/go.h>

#include <string>

namespace {

class Cache {
 public:
  std::string Get(const std::string& key) {
    return flights_
        .Do(key,  // RACE: the others wait here
            [&] {
              return backend_.Receive();  // RACE: the call waits here
            })
        .value;
  }

 private:
  csan::Singleflight<std::string, std::string> flights_;
  csan::Chan<std::string> backend_ = csan::MakeChan<std::string>();
};

}  // namespace

int main() {
  Cache cache;
  csan::WaitGroup callers;
  for (int i = 0; i < 3; i++) callers.Go([&] { cache.Get("page"); });
  callers.Wait();
}
