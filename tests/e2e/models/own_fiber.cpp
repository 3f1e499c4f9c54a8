// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own_fiber.yaml
// ACTOR: fiber
// Fibers that a library switches by code of its own: what was done before a fiber was made, by whoever
// resumes it, and before it is joined is ordered; its calls stay its own when it moves between threads.
#include "../support/own_fiber.h"

int counted, made_before, steps, done;

__attribute__((noinline)) void Count() {
  counted++;  // RACE
}

void Work() {
  if (made_before != 1) __builtin_trap();
  steps++;
  own::Pause();
  steps++;
  own::Pause();
  done++;
}

void CountTwice() {
  Count();
  own::Pause();
}

int main() {
  made_before = 1;
  own::Fiber* const moves = own::Spawn(Work);
  InTurn([&] { own::Resume(moves); }, [] {});
  own::Resume(moves);
  own::Join(moves);
  if (steps + done != 3) return 3;
  own::Free(moves);
  for (int i = 0; i < 1000; i++) {
    own::Fiber* const one = own::Spawn([] { own::Pause(); });
    while (own::Resume(one)) {
    }
    own::Free(one);
  }
  own::Fiber* const a = own::Spawn(CountTwice);  // MADE
  own::Fiber* const b = own::Spawn(CountTwice);
  InTurn([&] { own::Resume(a); }, [&] { own::Resume(BUG ? b : a); });
  return 0;
}
