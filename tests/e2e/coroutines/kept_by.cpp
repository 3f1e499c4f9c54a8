// KIND: coroutine-leak
// What can be reached from somewhere is no leak: from a global, from what static objects keep, from the stack
// of another thread, through a chain of blocks, with flags in the lowest bits.
#include <cstdint>
#include <memory>
#include <vector>

#include "../support/coroutine.h"

struct Box {
  Box* next;
  Parked parked;
};
Box* global;
std::vector<std::coroutine_handle<>> kept;
std::uintptr_t flagged;

Detached Wait(Parked* at) {
  co_await *at;  // RACE
}

UNSEEN void Keep() {
  global = new Box{new Box{nullptr, {}}, {}};
  Wait(&global->next->parked);
  Parked parked;
  Wait(&parked);
  kept.push_back(parked.handle);
  Wait(&parked);
  flagged = reinterpret_cast<std::uintptr_t>(parked.handle.address()) | 3;
  if (BUG) Wait(&std::make_unique<Box>()->parked);
}

int main() {
  std::thread other([] {
    Parked on_stack;
    Wait(&on_stack);
    ReachStep(1);
    AwaitStep(2);
    on_stack.handle.destroy();
  });
  other.detach();
  AwaitStep(1);
  Keep();
  WipeStack();
}
