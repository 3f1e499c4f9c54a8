// KIND: data-race
// ACTOR: fiber
// What a context does is told of it, with where it was made, also after others ran on its thread; a lock of
// the C library that one takes and another gives back is the thread's all the while.
#include <ucontext.h>

#include <mutex>

#include "../support/context.h"
#include "../support/order.h"

int data, given;
std::mutex mutex;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}
void CountLater(Context* self) {
  self->Yield();
  Count();
}
void YieldOnly(Context* self) { self->Yield(); }
void Take(Context*) { mutex.lock(); }
void Give(Context* self) {
  given++;
  self->Yield();
  mutex.unlock();
}

// One takes the lock, the other, on the same thread, guards by it and gives it back.
void HandOver() {
  auto take = std::make_unique<Context>();
  auto give = std::make_unique<Context>();
  for (int i = 0; i < 100; i++) {
    take->Make(Take);
    give->Make(Give);
    take->Resume();
    while (!give->ended) give->Resume();
  }
}

void RunBoth(Context* one, Context* other) {
  while (!one->ended || !other->ended) {
    if (!one->ended) one->Resume();
    if (!other->ended) other->Resume();
  }
}

Context contexts[4];

int main() {
  std::thread other([] {
    for (int i = 0; i < 100; i++) {
      std::lock_guard lock(mutex);
      given++;
    }
  });
  HandOver();
  other.join();
  InTurn(
      [] {
        contexts[0].Make(CountLater);  // MADE
        contexts[1].Make(YieldOnly);
        RunBoth(&contexts[0], &contexts[1]);
      },
      [] {
        contexts[2].Make(BUG ? CountLater : YieldOnly);  // MADE
        contexts[3].Make(YieldOnly);
        RunBoth(&contexts[2], &contexts[3]);
      });
  return given == 200 && data == (BUG ? 2 : 1) ? 0 : 3;
}
