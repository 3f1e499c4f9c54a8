// A race and its clean twin (argument "clean"), with a fork, a signal and a large block in between: a bit of
// all that the runtime asks of the kernel.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>

#include "../e2e/support/order.h"

static int counter;
static std::mutex mutex;
static bool clean;
static volatile sig_atomic_t handled;

static void Count() {
  if (clean) {
    std::lock_guard<std::mutex> guard(mutex);
    counter++;
  } else {
    counter++;
  }
}

int main(int argc, char** argv) {
  clean = argc > 1 && strcmp(argv[1], "clean") == 0;
  signal(SIGUSR1, [](int) { handled = 1; });
  raise(SIGUSR1);
  void* volatile block = malloc(64 << 20);
  free(block);
  const pid_t child = fork();
  if (child == 0) _exit(7);
  int status = 0;
  waitpid(child, &status, 0);
  InTurn(Count, Count);
  return handled == 1 && block != nullptr && WEXITSTATUS(status) == 7 && counter == 2 ? 0 : 5;
}
