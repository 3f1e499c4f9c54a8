// KIND: data-race
// The exit code tells of findings however the process ends.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "../support/order.h"

std::mutex mutex;
int counter;

void Race() {
  auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    counter++;  // RACE
  };
  InTurn(count, count);
}

void (*const ends[])() = {
    [] { _exit(0); },
    [] { _Exit(0); },
    [] { quick_exit(0); },
    [] { exit(0); },
    [] { std::thread([] { exit(0); }).join(); },
    [] {
      atexit([] { _exit(0); });
      exit(0);
    },
};

int main() {
  int code = 66;
  int clean = 0;
  for (auto end : ends) {
    const pid_t child = fork();
    if (child == 0) {
      Race();
      end();
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status)) return 2;
    clean |= WEXITSTATUS(status);
    if (WEXITSTATUS(status) != 66) code = 3;
  }
  // An abort keeps its signal; what was found has been written.
  const pid_t child = fork();
  if (child == 0) {
    Race();
    abort();
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFSIGNALED(status)) return 4;
#if BUG
  return code;
#else
  return clean == 0 ? 0 : code;
#endif
}
