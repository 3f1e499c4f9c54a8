// KIND: lock-order-inversion
// A lock that the thread that forks holds: its child gives it back before it makes threads, so it is no gate
// of what these do; or keeps it, and takes another.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "../support/order.h"

std::mutex outer, first, second;

void TakeBoth(std::mutex& one, std::mutex& other) {
  std::lock_guard a(one);
  std::lock_guard b(other);  // RACE
}

int main() {
  std::thread([] { std::lock_guard guard(outer); }).join();
  outer.lock();
  const pid_t child = fork();
  outer.unlock();
  if (child == 0) {
    InTurn(
        [] {
          std::lock_guard guard(outer);
          TakeBoth(first, second);
        },
        [] {
          if (!BUG) outer.lock();
          TakeBoth(second, first);
          if (!BUG) outer.unlock();
        });
    std::exit(0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}
