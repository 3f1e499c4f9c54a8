// The workers are told to end before they are waited for, and not for ever.
#include <csan/go.h>

#include <cstdio>

namespace {

class Service {
 public:
  Service() {
    for (int i = 0; i < 2; i++) {
      workers_.Go([this] {
        bool stopped = false;
        while (!stopped) {
          csan::Select(csan::OnReceive(requests_, [](int id) { std::printf("served %d\n", id); }),
                       csan::OnReceive(root_.context.Done(), [&] { stopped = true; }));
        }
      });
    }
  }
  void Serve(int request) { requests_.Send(request); }
  bool ShutDown() {
    root_.cancel();
    const auto ended = csan::MakeChan<csan::Unit>(1);
    csan::go([this, ended] {
      workers_.Wait();
      ended.Close();
    });
    return csan::Select(csan::OnReceive(ended), csan::Timeout(std::chrono::minutes(1))) == 0;
  }

 private:
  csan::CancellableContext root_ = csan::WithCancel(csan::Background());
  csan::Chan<int> requests_ = csan::MakeChan<int>();
  csan::WaitGroup workers_;
};

}  // namespace

int main() {
  Service service;
  service.Serve(1);
  return service.ShutDown() ? 0 : 1;
}
