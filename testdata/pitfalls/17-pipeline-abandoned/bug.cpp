// KIND: goroutine-leak
// The consumer of a pipeline leaves after the first value; the stages wait for somebody to take the next.
#include <csan/go.h>

#include <cstdio>

namespace {

csan::ReceiveChan<int> Generate() {
  const auto out = csan::MakeChan<int>();
  csan::go([out] {
    for (int i = 1; i <= 100; i++) out.Send(i);
    out.Close();
  });
  return out;
}

csan::ReceiveChan<int> Square(const csan::ReceiveChan<int>& in) {
  const auto out = csan::MakeChan<int>();
  csan::go([in, out] {                             // RACE: created here
    for (int value : in) out.Send(value * value);  // RACE: waits here for ever
    out.Close();
  });
  return out;
}

void PrintFirst() { std::printf("%d\n", Square(Generate()).Receive()); }

}  // namespace

int main() { PrintFirst(); }
