// The call has a deadline; what it ends with, all callers get.
#include <csan/go.h>

#include <string>

namespace {

class Cache {
 public:
  std::string Get(const std::string& key) {
    return flights_.Do(key, [&] { return Ask(); }).value;
  }

 private:
  std::string Ask() {
    const auto [context, cancel] =
        csan::WithTimeout(csan::Background(), std::chrono::milliseconds(2));
    std::string page = "unavailable";
    csan::Select(csan::OnReceive(backend_, [&](std::string got) { page = std::move(got); }),
                 csan::OnReceive(context.Done()));
    cancel();
    return page;
  }

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
