// A function on a stack of its own, switched by swapcontext.
#pragma once

#include <ucontext.h>

#include <memory>

struct Context {
  ucontext_t own, caller;
  void (*run)(Context*);
  bool ended;
  alignas(16) char stack[64 << 10];

  // What has not ended before is forgotten.
  __attribute__((always_inline)) void Make(void (*function)(Context*), ucontext_t* next = nullptr) {
    run = function;
    ended = false;
    getcontext(&own);
    own.uc_stack.ss_sp = stack;
    own.uc_stack.ss_size = sizeof(stack);
    own.uc_link = next != nullptr ? next : &caller;
    const auto address = reinterpret_cast<unsigned long>(this);
    makecontext(&own, reinterpret_cast<void (*)()>(Start), 2, static_cast<unsigned>(address),
                static_cast<unsigned>(address >> 32));
  }
  void Resume() { swapcontext(&caller, &own); }
  void Yield() { swapcontext(&own, &caller); }

 private:
  static void Start(unsigned low, unsigned high) {
    auto* self = reinterpret_cast<Context*>(static_cast<unsigned long>(high) << 32 | low);
    self->run(self);
    self->ended = true;
  }
};
