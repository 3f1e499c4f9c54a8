// A channel tells all stages that nobody wants more.
#include <csan/go.h>

#include <cstdio>

namespace {

using Done = csan::ReceiveChan<csan::Unit>;

// Whether it could be sent.
bool Send(const csan::Chan<int>& out, int value, const Done& done) {
  return csan::Select(csan::OnSend(out, value), csan::OnReceive(done)) == 0;
}

csan::ReceiveChan<int> Generate(const Done& done) {
  const auto out = csan::MakeChan<int>();
  csan::go([out, done] {
    for (int i = 1; i <= 100 && Send(out, i, done); i++) continue;
    out.Close();
  });
  return out;
}

csan::ReceiveChan<int> Square(const csan::ReceiveChan<int>& in, const Done& done) {
  const auto out = csan::MakeChan<int>();
  csan::go([in, out, done] {
    for (int value : in) {
      if (!Send(out, value * value, done)) break;
    }
    out.Close();
  });
  return out;
}

void PrintFirst() {
  const auto done = csan::MakeChan<csan::Unit>();
  std::printf("%d\n", Square(Generate(done), done).Receive());
  done.Close();
}

}  // namespace

int main() { PrintFirst(); }
