// KIND: goroutine-leak
// Whoever asks gives up after a time. The answer comes later, and nobody is there to take it.
#include <csan/go.h>

#include <cstdio>

namespace {

// Takes its time: until the caller has given up.
int Compute(const csan::Chan<csan::Unit>& given_up) {
  given_up.Receive();
  return 42;
}

void Ask() {
  const auto answer = csan::MakeChan<int>();
  const auto given_up = csan::MakeChan<csan::Unit>();
  csan::go([answer, given_up] {  // RACE: created here
    const int value = Compute(given_up);
    answer.Send(value);  // RACE: waits here for ever
  });
  csan::Select(csan::OnReceive(answer, [](int value) { std::printf("%d\n", value); }),
               csan::Timeout(std::chrono::milliseconds(1), [] { std::puts("no answer in time"); }));
  given_up.Close();
}

}  // namespace

int main() { Ask(); }
