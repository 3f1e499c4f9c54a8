// KIND: data-race
// A handler may switch to another context, and back to where the signal came: stacks in reports stay right.
#include <signal.h>
#include <ucontext.h>

#include <mutex>

#include "../support/order.h"

int counter;
int calls;
std::mutex mutex;
ucontext_t scheduler, task;
alignas(16) char stack[64 << 10];

__attribute__((noinline)) void Deep(int n) {
  if (n > 0) return Deep(n - 1);
  calls++;
  swapcontext(&task, &scheduler);
  calls++;
}

void Task() {
  for (;;) Deep(5);
}

void Handle(int) { swapcontext(&scheduler, &task); }

void Count() {
#if !BUG
  std::lock_guard<std::mutex> guard(mutex);
#endif
  counter++;  // RACE
}

int main() {
  getcontext(&task);
  task.uc_stack.ss_sp = stack;
  task.uc_stack.ss_size = sizeof(stack);
  makecontext(&task, Task, 0);
  signal(SIGUSR1, Handle);
  for (int i = 0; i < 1000; i++) raise(SIGUSR1);
  if (calls != 1999) return 3;
  InTurn([] { Count(); }, [] { Count(); });
}
