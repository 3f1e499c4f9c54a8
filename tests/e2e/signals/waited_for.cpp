// KIND: data-race
// Who sends a signal is ordered before who waits for it.
#include <pthread.h>
#include <signal.h>

#include <thread>

#include "../support/order.h"

int data;

int main() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread waits([&set] {
    if (!BUG) {
      int signal = 0;
      sigwait(&set, &signal);
      if (signal != SIGUSR1) _Exit(2);
    }
    AwaitStep(1);
    data++;  // RACE
  });
  std::thread sends([&waits] {
    data++;  // RACE
    if (!BUG) pthread_kill(waits.native_handle(), SIGUSR1);
    ReachStep(1);
  });
  sends.join();
  waits.join();
}
