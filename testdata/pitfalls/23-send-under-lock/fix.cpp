// The value is copied under the lock, and sent without it.
#include <csan/go.h>

#include <mutex>

namespace {

csan::Mutex mutex;
int total = 0;

void Publish(const csan::Chan<int>& values, const csan::Chan<csan::Unit>& begun) {
  int value = 0;
  {
    const std::lock_guard lock(mutex);
    value = ++total;
    begun.Close();
  }
  values.Send(value);
}

}  // namespace

int main() {
  const auto values = csan::MakeChan<int>();
  const auto begun = csan::MakeChan<csan::Unit>();
  csan::WaitGroup group;
  group.Go([&] {
    begun.Receive();
    {
      const std::lock_guard lock(mutex);
      total++;
    }
    values.Receive();
  });
  Publish(values, begun);
  group.Wait();
}
