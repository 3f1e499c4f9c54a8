// KIND: coroutine-leak
// A fork child has frames whose owners were the parent's; only the parent is asked about them.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "../support/coroutine.h"

Detached Wait(Parked* at) {
  co_await *at;  // RACE
}

UNSEEN void Lose() { Wait(std::make_unique<Parked>().get()); }

int main() {
  const pid_t child = fork();
  if (child == 0) {
    if (!BUG) Lose();
    WipeStack();
    std::exit(0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  if (BUG) Lose();
  WipeStack();
  return status;
}
