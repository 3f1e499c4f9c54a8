// KIND: data-race
// A child of clone without CLONE_VM is a fork: it goes on being checked and may create threads.
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <mutex>
#include <thread>

#include "../support/order.h"

int shared;
std::mutex mutex;
alignas(16) char stack[256 << 10];

int Child(void* argument) {
  if (argument != &shared) return 5;
  const auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    shared++;  // RACE
  };
  InTurn(count, count);
  exit(shared == 2 ? 0 : 6);
}

int main() {
  const int child = clone(Child, stack + sizeof(stack), SIGCHLD, &shared);
  int status = 1;
  if (waitpid(child, &status, 0) != child) return 3;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}
