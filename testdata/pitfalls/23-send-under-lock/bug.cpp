// KIND: deadlock
// The holder of the lock sends; the receiver needs the lock first.
#include <csan/go.h>

#include <mutex>

namespace {

csan::Mutex mutex;
int total = 0;

void Publish(const csan::Chan<int>& values, const csan::Chan<csan::Unit>& begun) {
  const std::lock_guard lock(mutex);  // RACE: taken here
  total++;
  begun.Close();
  values.Send(total);  // RACE: waits for the receiver  // FINDING: lock-held-over-wait
}

}  // namespace

int main() {
  const auto values = csan::MakeChan<int>();
  const auto begun = csan::MakeChan<csan::Unit>();
  csan::WaitGroup group;
  group.Go([&] {
    begun.Receive();
    {
      const std::lock_guard lock(mutex);  // RACE: waits for the lock
      total++;
    }
    values.Receive();
  });
  Publish(values, begun);
  group.Wait();
}
