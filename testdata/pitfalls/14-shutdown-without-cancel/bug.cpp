// KIND: deadlock
// Shutting down waits for the workers, which wait for work.
#include <csan/go.h>

#include <cstdio>

namespace {

class Service {
 public:
  Service() {
    for (int i = 0; i < 2; i++) {
      workers_.Go([this] {
        for (int request : requests_) std::printf("served %d\n", request);  // RACE: waits for work
      });
    }
  }
  void Serve(int request) { requests_.Send(request); }
  void ShutDown() {
    workers_.Wait();  // RACE: waits for the workers
    requests_.Close();
  }

 private:
  csan::Chan<int> requests_ = csan::MakeChan<int>();
  csan::WaitGroup workers_;
};

}  // namespace

int main() {
  Service service;
  service.Serve(1);
  service.ShutDown();
}
