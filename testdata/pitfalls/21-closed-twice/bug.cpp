// KIND: double-close
// Two owners of a connection close its stop channel: who hangs up, and who sees the error that comes of it.
#include <csan/go.h>

#include <cstdio>

namespace {

class Connection {
 public:
  void HangUp() {
    stop_.Close();  // RACE: closed here
    error_.Close();
  }
  void Watch() {
    error_.Receive();
    try {
      stop_.Close();  // RACE: and here
    } catch (const csan::Panic& panic) {
      std::printf("recovered: %s\n", panic.what());
    }
  }

 private:
  csan::Chan<csan::Unit> stop_ = csan::MakeChan<csan::Unit>();
  csan::Chan<csan::Unit> error_ = csan::MakeChan<csan::Unit>();
};

}  // namespace

int main() {
  Connection connection;
  csan::WaitGroup watcher;
  watcher.Go([&] { connection.Watch(); });
  connection.HangUp();
  watcher.Wait();
}
