// The channel has room for the answer, whether somebody takes it or not.
#include <csan/go.h>

#include <cstdio>

namespace {

// Takes its time: until the caller has given up.
int Compute(const csan::Chan<csan::Unit>& given_up) {
  given_up.Receive();
  return 42;
}

void Ask() {
  const auto answer = csan::MakeChan<int>(1);
  const auto given_up = csan::MakeChan<csan::Unit>();
  csan::go([answer, given_up] {
    const int value = Compute(given_up);
    answer.Send(value);
  });
  csan::Select(csan::OnReceive(answer, [](int value) { std::printf("%d\n", value); }),
               csan::Timeout(std::chrono::milliseconds(1), [] { std::puts("no answer in time"); }));
  given_up.Close();
}

}  // namespace

int main() { Ask(); }
