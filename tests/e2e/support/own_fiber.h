// A library of fibers of which nothing is seen, as one that is not instrumented and switches by assembly of
// its own. models/own_fiber.yaml says what its functions do.
#pragma once

#include <stdlib.h>

#include "own.h"

namespace own {

// Callee-saved registers stay on the stack that is left.
extern "C" void own_switch_stacks(void** left, void* next);
asm(".text\n.p2align 4\n.type own_switch_stacks,@function\nown_switch_stacks:\n"
    "push %rbp\npush %rbx\npush %r12\npush %r13\npush %r14\npush %r15\n"
    "mov %rsp, (%rdi)\nmov %rsi, %rsp\n"
    "pop %r15\npop %r14\npop %r13\npop %r12\npop %rbx\npop %rbp\nret\n"
    ".size own_switch_stacks,.-own_switch_stacks\n");

struct Fiber {
  static constexpr size_t kStack = 128 << 10;
  void* left;  // its stack, while it does not run
  Fiber* resumer;
  void (*body)();
  void* stack;
  bool ended;
};
// One for each thread, and who runs on it.
inline thread_local Fiber of_thread;
inline thread_local Fiber* running;

// A fiber may be on another thread when it comes back.
UNSEEN inline Fiber*& Running() {
  if (running == nullptr) running = &of_thread;
  return running;
}

UNSEEN inline void Switch(Fiber* to) {
  Fiber* const from = Running();
  Running() = to;
  own_switch_stacks(&from->left, to->left);
}

UNSEEN inline void Begin() {
  Fiber* const self = Running();
  self->body();
  self->ended = true;
  Fiber* const next = self->resumer;
  Running() = next;
  own_switch_stacks(&self->left, next->left);
}

TOLD inline Fiber* Spawn(void (*body)()) {
  auto* const fiber = static_cast<Fiber*>(calloc(1, sizeof(Fiber)));
  fiber->body = body;
  fiber->stack = aligned_alloc(16, Fiber::kStack);
  auto** top = reinterpret_cast<void**>(static_cast<char*>(fiber->stack) + Fiber::kStack);
  *--top = nullptr;  // nobody's return address
  *--top = reinterpret_cast<void*>(Begin);
  fiber->left = top - 6;
  return fiber;
}
// Until it yields or ends: false then.
TOLD inline bool Resume(Fiber* fiber) {
  fiber->resumer = Running();
  Switch(fiber);
  return !fiber->ended;
}
TOLD inline void Pause() { Switch(Running()->resumer); }
TOLD inline void Join(Fiber* fiber) {
  fiber->resumer = Running();
  while (!fiber->ended) Switch(fiber);
}
TOLD inline void Free(Fiber* fiber) {
  free(fiber->stack);
  free(fiber);
}

// Held by a fiber, which lets others run while it waits.
class FiberLock {
 public:
  TOLD void Take() {
    while (holder_ != nullptr) Switch(Running()->resumer);
    holder_ = Running();
  }
  TOLD void Give() { holder_ = nullptr; }

 private:
  Fiber* holder_ = nullptr;
};

}  // namespace own
