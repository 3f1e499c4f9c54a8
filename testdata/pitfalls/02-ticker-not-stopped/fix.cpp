// The task selects on the server's context too, and shutting down waits for its end.
#include <csan/go.h>

#include <cstdio>

namespace {

class Server {
 public:
  Server() {
    tasks_.Go([this] {
      while (csan::Select(csan::OnReceive(ticker_.C()), csan::OnReceive(root_.context.Done())) ==
             0) {
        flushed_.TrySend({});
      }
    });
  }
  void AwaitFlush() { flushed_.Receive(); }
  void ShutDown() {
    root_.cancel();
    tasks_.Wait();
    ticker_.Stop();
  }

 private:
  csan::CancellableContext root_ = csan::WithCancel(csan::Background());
  csan::Ticker ticker_{std::chrono::milliseconds(1)};
  csan::Chan<csan::Unit> flushed_ = csan::MakeChan<csan::Unit>(1);
  csan::WaitGroup tasks_;
};

}  // namespace

int main() {
  Server server;
  server.AwaitFlush();
  server.ShutDown();
  std::puts("shut down");
}
