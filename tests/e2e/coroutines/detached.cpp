// KIND: coroutine-leak
// A coroutine that nobody owns frees itself when it ends. It waits for an answer that comes, or whose only
// holder drops it.
#include <memory>

#include "../support/coroutine.h"

using Request = std::unique_ptr<Parked>;

Detached Serve(Parked* request, int* served) {
  co_await *request;  // RACE
  ++*served;
}

UNSEEN int Run() {
  int served = 0;
  Request request = std::make_unique<Parked>();
  Serve(request.get(), &served);
  if (!BUG) request->handle.resume();
  return served;
}

int main() {
  const int served = Run();
  WipeStack();
  return served == !BUG ? 0 : 1;
}
