// KIND: data-race
// The reference count orders the last user before the destructor, not users among themselves.
#include "../support/order.h"
#include <memory>
struct Box {
  int value = 0;
  ~Box() { value = -1; }
};

int main() {
  auto box = std::make_shared<Box>();
  std::thread a([box]() mutable {
    AwaitStep(1);
    box->value = 1;  // RACE
    box.reset();
    ReachStep(2);
  });
  std::thread b([box]() mutable {
    AwaitStep(2);
#if BUG
    box->value = 2;  // RACE
#endif
    box.reset();
  });
  box.reset();
  ReachStep(1);
  a.join();
  b.join();
}
