// KIND: data-race
// Installing a handler is ordered before its runs, also on threads that are not.
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "../support/order.h"

int data;
std::atomic<int> seen{0};

void Handle(int signal, siginfo_t* info, void*) {
  if (signal != SIGRTMIN || info->si_value.sival_int != 42) _exit(3);
  seen.store(data, std::memory_order_relaxed);  // RACE
}
void Other(int) {}

int main() {
  std::thread runs([] {
    AwaitStep(1);
    union sigval value;
    value.sival_int = 42;
    // From outside of the runtime's sight, so that only the installation orders.
    pthread_sigqueue(pthread_self(), SIGRTMIN, value);
  });
  std::thread installs([] {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = Handle;
    action.sa_flags = SA_SIGINFO;
#if BUG
    sigaction(SIGRTMIN, &action, nullptr);
#endif
    data = 1;  // RACE
#if !BUG
    sigaction(SIGRTMIN, &action, nullptr);
#endif
    ReachStep(1);
  });
  runs.join();
  installs.join();
  struct sigaction had;
  sigaction(SIGRTMIN, nullptr, &had);
  if (had.sa_sigaction != Handle || (had.sa_flags & SA_SIGINFO) == 0) return 4;
  if (signal(SIGUSR2, Other) != SIG_DFL || signal(SIGUSR2, SIG_IGN) != Other) return 5;
  if (signal(SIGUSR2, SIG_DFL) != SIG_IGN) return 6;
  return seen == 1 ? 0 : 2;
}
