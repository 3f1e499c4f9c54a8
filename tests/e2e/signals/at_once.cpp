// KIND: data-race
// A signal is delivered into a loop that makes no call, into one that is always in the runtime, and
// into a blocked call; SA_RESETHAND holds, and errno is kept.
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>

#include "../support/order.h"

volatile sig_atomic_t came;
std::atomic<int> busy[4];
int counter;

void Handle(int) {
  came = 1;
  errno = 0;
}

void In(int ms, int again_ms = 0) {
  came = 0;
  const itimerval timer = {{0, again_ms * 1000}, {0, ms * 1000}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

int main() {
  std::thread([] {}).join();
  struct sigaction action = {};
  action.sa_handler = Handle;
  sigaction(SIGALRM, &action, nullptr);
  In(10);
  while (came == 0) {
  }
  In(10);
  while (came == 0) {
    for (auto& b : busy) b.fetch_add(1);
  }
  // Again and again: the first may come before the sleep has begun.
  In(10, 10);
  if (usleep(5000000) != -1) return 2;
  if (came == 0) return 3;
  const itimerval off = {};
  setitimer(ITIMER_REAL, &off, nullptr);
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGALRM, &action, nullptr);
  In(1);
  while (came == 0) busy[0]++;
  struct sigaction had;
  sigaction(SIGALRM, nullptr, &had);
  if (had.sa_handler != SIG_DFL) return 4;
  auto count = [] { __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED); };
  InTurn(count, [count] {
#if BUG
    counter++;  // RACE
#else
    count();
#endif
  });
}
