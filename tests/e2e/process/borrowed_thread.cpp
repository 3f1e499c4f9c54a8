// KIND: data-race
// vfork, posix_spawn and exec: the child borrows the thread; the parent's findings stay its own.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "../support/order.h"

extern char** environ;
std::mutex mutex;
int counter;

int Wait(pid_t child) {
  int status = 1;
  waitpid(child, &status, 0);
  return status;
}

__attribute__((noinline)) pid_t StartByVfork(const char* program) {
  const pid_t child = vfork();
  if (child == 0) {
    execl(program, program, nullptr);
    _exit(7);
  }
  return child;
}

int main() {
  auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    counter++;  // RACE
  };
  InTurn(count, count);
  if (Wait(StartByVfork("/bin/true")) != 0) return 2;
  if (WEXITSTATUS(Wait(StartByVfork("/nowhere"))) != 7) return 3;
  char* arguments[] = {const_cast<char*>("true"), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, environ) != 0) return 4;
  if (Wait(child) != 0) return 5;
  child = fork();
  if (child == 0) {
    execl("/bin/true", "true", nullptr);
    _exit(8);
  }
  if (Wait(child) != 0) return 6;
  counter = 0;
}
