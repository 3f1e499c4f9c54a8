// The sender closes, when the receiver has said that it has seen enough.
#include <csan/go.h>

int main() {
  const auto values = csan::MakeChan<int>(1);
  const auto enough = csan::MakeChan<csan::Unit>();
  csan::WaitGroup group;
  group.Add(1);
  csan::go([&] {
    bool stopped = false;
    for (int i = 0; !stopped; i++) {
      csan::Select(csan::OnSend(values, i), csan::OnReceive(enough, [&] { stopped = true; }));
    }
    values.Close();
    group.Done();
  });
  while (values.Receive() < 3) {
  }
  enough.Close();
  for (int value : values) static_cast<void>(value);
  group.Wait();
}
