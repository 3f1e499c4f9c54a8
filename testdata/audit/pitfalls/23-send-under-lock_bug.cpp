// FINDING: lock-held-over-wait
// The holder sends, the receiver needs the lock first.
#include <csan/go.h>

#include <mutex>

namespace {

csan::Mutex mutex;
int total = 0;

void Publish(const csan::Chan<int>& values) {
  std::lock_guard lock(mutex);
  total++;
  values.Send(total);
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
