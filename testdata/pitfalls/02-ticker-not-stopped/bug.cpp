// KIND: goroutine-leak
// A server's background task flushes its metrics at each tick, and nothing tells it to stop: it is there
// when the server has been shut down, waiting for a tick of the ticker that has been stopped.
#include <csan/go.h>

#include <cstdio>

namespace {

class Server {
 public:
  Server() {
    csan::go(csan::Named("flush"), [ticks = ticker_.C(), flushed = flushed_] {  // RACE: created here
      for (;;) {
        ticks.Receive();  // RACE
        flushed.TrySend({});
      }
    });
  }
  void AwaitFlush() { flushed_.Receive(); }
  void ShutDown() { ticker_.Stop(); }

 private:
  csan::Ticker ticker_{std::chrono::milliseconds(1)};
  csan::Chan<csan::Unit> flushed_ = csan::MakeChan<csan::Unit>(1);
};

}  // namespace

int main() {
  Server server;
  server.AwaitFlush();
  server.ShutDown();
  std::puts("shut down");
}
