// The handler waits for the child before it goes on, and returns.
#include <csan/go.h>

#include <cstdio>

namespace {

struct Request {
  int id = 7;
  bool answered = false;
};

void Handle() {
  Request request;
  csan::WaitGroup child;
  child.Go([&request] { std::printf("request %d: %d\n", request.id, request.answered); });
  child.Wait();
  request.answered = true;
  std::puts("handled");
}

}  // namespace

int main() { Handle(); }
