// Whoever comes first closes.
#include <csan/go.h>

namespace {

class Connection {
 public:
  void HangUp() {
    Stop();
    error_.Close();
  }
  void Watch() {
    error_.Receive();
    Stop();
  }

 private:
  void Stop() {
    stopped_.Do([this] { stop_.Close(); });
  }

  csan::Chan<csan::Unit> stop_ = csan::MakeChan<csan::Unit>();
  csan::Chan<csan::Unit> error_ = csan::MakeChan<csan::Unit>();
  csan::Once stopped_;
};

}  // namespace

int main() {
  Connection connection;
  csan::WaitGroup watcher;
  watcher.Go([&] { connection.Watch(); });
  connection.HangUp();
  watcher.Wait();
}
