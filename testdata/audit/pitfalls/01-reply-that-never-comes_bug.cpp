// FINDING: spawn-without-stop
// A handler starts a worker that waits for a reply; if the client has gone meanwhile, nobody sends one.
#include <csan/go.h>

#include <cstdio>

namespace {

void Handle(bool client_gone) {
  const auto reply = csan::MakeChan<int>();
  csan::go([reply] { std::printf("reply %d\n", reply.Receive()); });
  if (client_gone) return;
  reply.Send(200);
}

}  // namespace

int main() {
  Handle(false);
  Handle(true);
}
