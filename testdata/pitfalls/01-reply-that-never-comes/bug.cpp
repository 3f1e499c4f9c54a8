// KIND: goroutine-leak
// A handler starts a worker that waits for a reply; if the client has gone meanwhile, nobody sends one.
#include <csan/go.h>

#include <cstdio>

namespace {

void Handle(bool client_gone) {
  const auto reply = csan::MakeChan<int>();
  csan::go([reply] {                              // RACE: created here  // FINDING: spawn-without-stop
    std::printf("status %d\n", reply.Receive());  // RACE: waits here for ever
  });
  if (client_gone) return;
  reply.Send(200);
}

}  // namespace

int main() {
  Handle(false);
  Handle(true);
}
