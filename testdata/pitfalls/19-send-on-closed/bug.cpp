// KIND: send-on-closed
// The receiver closes as soon as it has seen enough; the sender is not done.
#include <csan/go.h>

#include <cstdio>

int main() {
  const auto values = csan::MakeChan<int>(1);
  csan::WaitGroup group;
  group.Go([&] {
    try {
      for (int i = 0; i < 10; i++) values.Send(i);  // RACE: sent here
    } catch (const csan::Panic& panic) {
      std::printf("recovered: %s\n", panic.what());
    }
  });
  while (values.Receive() < 3) {
  }
  values.Close();  // RACE: closed here  // FINDING: channel-closed-by-receiver
  group.Wait();
}
