// KIND: data-race
// A request is on its handler's stack, and the handler returns while the child still works with it.
#include <csan/go.h>

#include <cstdio>

namespace {

struct Request {
  int id = 7;
  bool answered = false;
};

void Handle(const csan::Chan<csan::Unit>& logged) {
  Request request;
  csan::go([&request, logged] {  // FINDING: local-outlived
    std::printf("request %d: %d\n", request.id, request.answered);  // RACE: read here
    logged.Close();
  });
  request.answered = true;  // RACE: written here
  std::puts("handled");  // or the write would be dead, and not be made at -O2
}

}  // namespace

int main() {
  const auto logged = csan::MakeChan<csan::Unit>();
  Handle(logged);
  logged.Receive();
}
