// KIND: data-race
// Goroutines that take turns on one thread are not ordered by that; what their creator did is before all.
#include <ucontext.h>

#include "../support/channel.h"

struct Goroutine {
  csan_actor actor;
  ucontext_t context;
  void (*body)();
  bool done;
  alignas(16) char stack[128 << 10];
};

Goroutine goroutines[2];
ucontext_t scheduler;
csan_actor scheduler_actor;
Goroutine* running;
int seen, mine[2];
TestLock lock;
int told;

UNSEEN void Leave() {
  Goroutine* self = running;
  __csan_actor_switch(scheduler_actor, 0);
  swapcontext(&self->context, &scheduler);
}
UNSEEN void Resume(Goroutine* g) {
  running = g;
  __csan_actor_switch(g->actor, 0);
  swapcontext(&scheduler, &g->context);
}
UNSEEN void Main() {
  running->body();
  __csan_notify(running);
  running->done = true;
  Leave();
}
UNSEEN void Go(Goroutine* g, void (*body)()) {
  g->actor = __csan_actor_create("worker");
  __csan_actor_stack(g->actor, g->stack, sizeof(g->stack));
  g->body = body;
  getcontext(&g->context);
  g->context.uc_stack.ss_sp = g->stack;
  g->context.uc_stack.ss_size = sizeof(g->stack);
  g->context.uc_link = nullptr;
  makecontext(&g->context, Main, 0);
}
UNSEEN void RunAll() {
  for (bool left = true; left;) {
    left = false;
    for (Goroutine& g : goroutines) {
      if (g.actor == nullptr) continue;
      Resume(&g);
      if (g.done) {
        __csan_notified(&g);
        __csan_actor_finish(g.actor);
        g.actor = nullptr;
      }
      left = true;
    }
  }
}

__attribute__((noinline)) void Count() {
  __csan_own_begin();
  lock.Lock();
  __csan_own_end();
  if (!BUG) __csan_locked(&lock, 0);
  told++;  // RACE
  if (!BUG) __csan_unlocking(&lock, 0);
  lock.Unlock();
}
void Work(int which) {
  for (int i = 0; i < 50; i++) {
    mine[which] += seen;
    Leave();
    Count();
  }
}

int main() {
  if (&__csan_actor_self == nullptr) return 4;
  scheduler_actor = __csan_actor_self();
  seen = 1;
  Go(&goroutines[0], [] { Work(0); });
  Go(&goroutines[1], [] { Work(1); });
  RunAll();
  return told == 100 && seen == 1 ? 0 : 3;
}
