// KIND: coroutine-leak
// A parent waits for three children; one of them waits for an answer that was dropped, so that neither it
// nor its parent ever goes on.
#include <memory>

#include "../support/coroutine.h"

struct All {
  int left;
  std::coroutine_handle<> parent;
  bool await_ready() { return left == 0; }
  void await_suspend(std::coroutine_handle<> h) { parent = h; }
  void await_resume() {}
};

Detached Child(Parked* answer, All& all) {
  co_await *answer;  // RACE
  if (--all.left == 0 && all.parent) all.parent.resume();
}
Detached Parent(Parked* a, Parked* b, Parked* c, bool* done) {
  All all{3, nullptr};
  Child(a, all);
  Child(b, all);
  Child(c, all);
  co_await all;  // RACE
  *done = true;
}

UNSEEN bool Run() {
  bool done = false;
  auto a = std::make_unique<Parked>();
  auto b = std::make_unique<Parked>();
  auto c = std::make_unique<Parked>();
  Parent(a.get(), b.get(), c.get(), &done);
  a->handle.resume();
  if (!BUG) b->handle.resume();
  c->handle.resume();
  return done;
}

int main() {
  const bool done = Run();
  WipeStack();
  return done == !BUG ? 0 : 1;
}
