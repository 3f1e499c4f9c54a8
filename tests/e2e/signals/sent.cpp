// KIND: data-race
// Who sends a signal is ordered before its handler.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "../support/order.h"

int data;
std::atomic<int> seen{0};

void Handle(int) { seen.store(data, std::memory_order_relaxed); }  // RACE

int main() {
  signal(SIGUSR1, Handle);
  std::thread receiver([] {
    AwaitStep(1);
    if (BUG) raise(SIGUSR1);
    AwaitStep(2);
  });
  std::thread sender([&] {
    data = 1;  // RACE
    if (!BUG) pthread_kill(receiver.native_handle(), SIGUSR1);
    ReachStep(1);
  });
  sender.join();
  while (seen.load(std::memory_order_relaxed) != 1) usleep(100);
  ReachStep(2);
  receiver.join();
}
