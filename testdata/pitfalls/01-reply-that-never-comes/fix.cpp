// The worker is told when the request is over.
#include <csan/go.h>

#include <cstdio>

namespace {

void Handle(bool client_gone) {
  const auto [request, cancel] = csan::WithCancel(csan::Background());
  const auto reply = csan::MakeChan<int>();
  csan::go([reply, request = request] {
    csan::Select(csan::OnReceive(reply, [](int status) { std::printf("status %d\n", status); }),
                 csan::OnReceive(request.Done()));
  });
  if (!client_gone) reply.Send(200);
  cancel();
}

}  // namespace

int main() {
  Handle(false);
  Handle(true);
}
