// The value is copied under the lock, and sent without it.
#include <csan/go.h>

#include <mutex>

namespace {

csan::Mutex mutex;
int total = 0;

void Publish(const csan::Chan<int>& values) {
  int value = 0;
  {
    std::lock_guard lock(mutex);
    value = ++total;
  }
  values.Send(value);
}

}  // namespace

int main() {
  const auto values = csan::MakeChan<int>();
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    {
      std::lock_guard lock(mutex);
      total++;
    }
    values.Receive();
    group.Done();
  });
  Publish(values);
  group.Wait();
}
