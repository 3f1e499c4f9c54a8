// KIND: data-race
// ACTOR: fiber
// Contexts as programs use them: copied, saved elsewhere than they were made, linked one after the other, on
// stacks that are a function's own, or another context's or a thread's afterwards, left for ever; and jumps
// by getcontext and setcontext, which make none. Each is followed, and what they do is ordered.
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include <mutex>

#include "../support/context.h"
#include "../support/order.h"

int data, done;
std::mutex mutex;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}

void Expect(bool right) {
  if (!right) abort();
}

// A lock is held across the switch, as one must not between threads; it is on the stack of who calls.
void Twice(Context* self) {
  mutex.lock();
  done++;
  self->Yield();
  done++;
  mutex.unlock();
}

__attribute__((noinline)) void OnOwnStack(int depth) {
  Context here;
  here.Make(Twice);
  here.Resume();
  if (depth > 0) {
    // From below the array, as from above.
    mutex.unlock();
    OnOwnStack(depth - 1);
    mutex.lock();
  }
  here.Resume();
  Expect(here.ended);
}

__attribute__((noinline)) void Copied() {
  auto one = std::make_unique<Context>();
  one->Make(Twice);
  ucontext_t copy = one->own;
  swapcontext(&one->caller, &copy);
  copy = one->own;
  swapcontext(&one->caller, &copy);
  Expect(one->ended);
}

ucontext_t back;

__attribute__((noinline)) void Jumps() {
  volatile int times = 0;
  getcontext(&back);
  times = times + 1;
  if (times < 100) setcontext(&back);
}
void JumpsWithin(Context* self) {
  Jumps();
  self->Yield();
  Jumps();
}

void Linked() {
  auto first = std::make_unique<Context>();
  auto second = std::make_unique<Context>();
  second->Make([](Context*) { Jumps(); }, &first->caller);
  first->Make(JumpsWithin, &second->own);
  first->Resume();
  first->Resume();
  Expect(first->ended && second->ended);
}

void Leave(Context* self) {
  done++;
  setcontext(&self->caller);
}

// What a stack was used for before is over: others' contexts, then a thread's.
void Reused() {
  const size_t size = 64 << 10;
  void* memory = nullptr;
  Expect(posix_memalign(&memory, 4096, sizeof(Context)) == 0);
  for (int i = 0; i < 10; i++) {
    auto* left = new (memory) Context;
    left->Make(Leave);
    left->Resume();
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, memory, size);
  pthread_t thread;
  auto work = [](void*) -> void* {
    auto other = std::make_unique<Context>();
    other->Make(Twice);
    other->Resume();
    other->Resume();
    return nullptr;
  };
  Expect(pthread_create(&thread, &attributes, work, nullptr) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  free(memory);
}

void AllKinds() {
  OnOwnStack(3);
  Copied();
  Jumps();
  Linked();
  Reused();
}

int main() {
  std::thread other([] {
    for (int i = 0; i < 1000; i++) std::lock_guard lock(mutex);
  });
  AllKinds();
  OnOwnStack(1);
  other.join();
  const int before = done;
  InTurn(
      [] {
        AllKinds();
        Count();
      },
      [] {
        if (!BUG) return;
        auto counts = std::make_unique<Context>();
        counts->Make([](Context*) { Count(); });  // MADE
        counts->Resume();
      });
  return before != 0 && data == BUG + 1 ? 0 : 3;
}
