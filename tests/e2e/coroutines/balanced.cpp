// KIND: data-race
// EACH: -fno-lto -flto -flto=thin
// FLAGS: -fuse-ld=lld
// A million suspensions, with symmetric transfer and exceptions, leave nothing on the shadow stack: a resume
// is a call on the stack of who resumes.
#include "../support/coroutine.h"

int counter;

UNSEEN char* ShadowTop() {
  char* top;
  __asm__ volatile("mov %%fs:0x90, %0" : "=r"(top));
  return top;
}

Task Leaf(int i) {
  if (i % 5 == 0) throw i;
  co_return i;
}
Task Loop(int n) {
  int caught = 0;
  for (int i = 0; i < n; i++) {
    try {
      co_await Leaf(i);
    } catch (int) {
      caught++;
    }
  }
  co_return caught;
}
Generator Count(int n) {
  for (int i = 0; i < n; i++) co_yield i;
  throw n;
}
Task Increment() {
  counter += 1;  // RACE
  co_return 0;
}

void Run() {
  char* const before = ShadowTop();
  constexpr int kAwaited = 200000;
  constexpr int kYielded = 800000;
  Task task = Loop(kAwaited);
  task.Start();
  if (task.Value() != kAwaited / 5) std::terminate();
  Generator numbers = Count(kYielded);
  int last = 0;
  try {
    while (numbers.Next()) last = numbers.Value();
  } catch (int n) {
    last += n;
  }
  if (last != 2 * kYielded - 1 || ShadowTop() != before) std::terminate();
  if (BUG) Increment().Start();
  if (ShadowTop() != before) std::terminate();
}

int main() { InTurn(Run, Run); }
