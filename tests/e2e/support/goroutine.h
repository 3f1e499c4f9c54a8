// Goroutines for tests only: fibers that take turns on the thread that calls RunAll, in the order of Go.
#pragma once

#include <ucontext.h>

#include "channel.h"

struct Goroutine {
  csan_actor actor;
  ucontext_t context;
  void (*body)(void*);
  void* argument;
  int* waits_for;  // does not run while it is 0
  bool done;
  char* stack;
};

constexpr int kGoroutinesMax = 1 << 17;
constexpr unsigned kGoroutineStack = 32 << 10;

inline Goroutine goroutines[kGoroutinesMax];
inline int goroutine_count;
inline ucontext_t scheduler;
inline csan_actor scheduler_actor;
inline Goroutine* running;

UNSEEN inline void Leave() {
  Goroutine* self = running;
  running = nullptr;
  CSAN_TELL(__csan_actor_switch, scheduler_actor, 0u);
  swapcontext(&self->context, &scheduler);
}
UNSEEN inline void ParkGoroutine(int* word) {
  if (running == nullptr) return ParkAt(word);
  running->waits_for = word;
  Leave();
}
UNSEEN inline void Resume(Goroutine* g) {
  running = g;
  g->waits_for = nullptr;
  CSAN_TELL(__csan_actor_switch, g->actor, 0u);
  swapcontext(&scheduler, &g->context);
}
UNSEEN inline void GoroutineMain() {
  running->body(running->argument);
  CSAN_TELL(__csan_notify, running);
  running->done = true;
  Leave();
}

// Stacks come from one piece, so that a goroutine costs no mapping.
UNSEEN inline char* NewStack() {
  static char* next = nullptr;
  static char* end = nullptr;
  if (next == end) {
    constexpr unsigned long kPiece = 256ul * kGoroutineStack;
    long result = 9;  // mmap(0, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
    register long flags __asm__("r10") = 0x4022;
    register long fd __asm__("r8") = -1;
    register long offset __asm__("r9") = 0;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(0L), "S"(kPiece), "d"(3L), "r"(flags), "r"(fd), "r"(offset)
                     : "rcx", "r11", "memory");
    next = reinterpret_cast<char*>(result);
    end = next + kPiece;
    CSAN_TELL(__csan_stack_area, next, kPiece);
  }
  char* const stack = next;
  next += kGoroutineStack;
  return stack;
}

TOLD inline void Go(void (*body)(void*), void* argument = nullptr, const char* name = "worker") {
  OWN_BEGIN();
  Goroutine* g = &goroutines[goroutine_count++];
  g->stack = NewStack();
  if (&__csan_actor_create != nullptr) g->actor = __csan_actor_create(name);
  CSAN_TELL(__csan_actor_stack, g->actor, g->stack, kGoroutineStack);
  CSAN_TELL(__csan_actor_memory, g->actor, g, sizeof(Goroutine));
  g->body = body;
  g->argument = argument;
  getcontext(&g->context);
  g->context.uc_stack.ss_sp = g->stack;
  g->context.uc_stack.ss_size = kGoroutineStack;
  g->context.uc_link = nullptr;
  makecontext(&g->context, GoroutineMain, 0);
  OWN_END();
}

// Until none can go on.
UNSEEN inline void RunAll() {
  park = ParkGoroutine;
  scheduler_actor = ThisActor();
  for (bool ran = true; ran;) {
    ran = false;
    for (int i = 0; i < goroutine_count; i++) {
      Goroutine& g = goroutines[i];
      if (g.done || (g.waits_for != nullptr && *g.waits_for == 0)) continue;
      Resume(&g);
      ran = true;
      if (!g.done) continue;
      CSAN_TELL(__csan_notified, &g);
      CSAN_TELL(__csan_actor_finish, g.actor);
      g.argument = nullptr;
      g.context = {};
    }
  }
}
