// FINDING: channel-closed-by-receiver
// The receiver closes as soon as it has seen enough; the sender is not done.
#include <csan/go.h>

int main() {
  const auto values = csan::MakeChan<int>(1);
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    for (int i = 0; i < 10; i++) values.Send(i);
    group.Done();
  });
  while (values.Receive() < 3) {
  }
  values.Close();
  group.Wait();
}
