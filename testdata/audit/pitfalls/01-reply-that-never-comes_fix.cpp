// The worker is told when the request is over.
#include <csan/go.h>

#include <cstdio>

namespace {

void Handle(bool client_gone) {
  const auto reply = csan::MakeChan<int>();
  const auto over = csan::MakeChan<csan::Unit>();
  csan::go([reply, over] {
    csan::Select(csan::OnReceive(reply, [](int code) { std::printf("reply %d\n", code); }),
                 csan::OnReceive(over));
  });
  if (!client_gone) reply.Send(200);
  over.Close();
}

}  // namespace

int main() {
  Handle(false);
  Handle(true);
}
