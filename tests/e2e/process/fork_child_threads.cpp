// KIND: data-race
// The child of a forked multi-threaded process goes on being checked and may create threads.
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "../support/order.h"

int shared;
std::mutex mutex;

void Count(int step) {
  AwaitStep(step);
#if !BUG
  std::lock_guard guard(mutex);
#endif
  shared++;  // RACE
  ReachStep(step + 1);
}

int InChild() {
  std::thread threads[4];
  for (int i = 0; i < 4; i++) threads[i] = std::thread(Count, 10 + i);
  ReachStep(10);
  for (auto& t : threads) t.join();
  return 0;
}

int main() {
  // Unordered with the fork, but the child's memory is its own.
  std::thread other([] {
    shared = 1;
    ReachStep(1);
    AwaitStep(2);
  });
  AwaitStep(1);
  const pid_t child = fork();
  if (child == 0) {
    shared = 2;
    exit(InChild());
  }
  int status = 1;
  waitpid(child, &status, 0);
  ReachStep(2);
  other.join();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
