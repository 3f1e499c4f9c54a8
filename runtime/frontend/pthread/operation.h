// What the C library or the kernel does for the program while it goes on: an asynchronous operation is an
// actor of its own. It begins after all that its submitter has done, accesses the buffers, and leaves its
// clock where whoever learns that it is over finds it. So who touches a buffer without having learnt that
// races with it, be it the submitter. Cost: an actor for each operation, a microsecond or two.
#pragma once

#include "actor/actor.h"
#include "actor/fiber.h"
#include "actor/thread.h"
#include "base/types.h"

namespace csan {

// Before the real call; `body` tells accesses and releases. The caller listens.
template <typename Body>
void AsOperation(const char* name, uptr pc, Body body) {
  Actor* const submitter = Self();
  Actor* const operation = CreateFiber(pc);
  if (operation == nullptr) return;
  SetThreadName(operation, name);
  SwitchToFiber(operation, false);
  body();
  SwitchToFiber(submitter, false);
  DestroyFiber(operation);
}

}  // namespace csan
