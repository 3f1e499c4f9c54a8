// KIND: data-race
// Every way of sending a signal to a thread orders the sender before the handler.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "../support/order.h"

constexpr int kWays = 4;
int data[kWays];
int way;
std::atomic<int> handled{0};
pid_t tid;

UNSEEN int Way() { return __atomic_load_n(&way, __ATOMIC_RELAXED); }
UNSEEN void SetWay(int n) { __atomic_store_n(&way, n, __ATOMIC_RELAXED); }
UNSEEN void SetTid(pid_t t) { __atomic_store_n(&tid, t, __ATOMIC_RELAXED); }
UNSEEN pid_t Tid() { return __atomic_load_n(&tid, __ATOMIC_RELAXED); }

void Handle(int) {
  data[Way()]++;  // RACE
  handled.fetch_add(1, std::memory_order_relaxed);
}

void Send(std::thread& to) {
  switch (Way()) {
    case 0:
      pthread_kill(to.native_handle(), SIGUSR1);
      break;
    case 1:
      pthread_sigqueue(to.native_handle(), SIGUSR1, sigval{});
      break;
    case 2:
      tgkill(getpid(), Tid(), SIGUSR1);
      break;
    case 3: {
      sigqueue(getpid(), SIGUSR1, sigval{});
      break;
    }
  }
}

int main() {
  signal(SIGUSR1, Handle);
  std::thread receiver([] {
    SetTid(gettid());
    ReachStep(1);
    AwaitStep(2);
  });
  AwaitStep(1);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  for (int i = 0; i < kWays; i++) {
    SetWay(i);
    if (!BUG) data[i]++;
    Send(receiver);
    if (BUG) data[i]++;  // RACE
    while (handled.load(std::memory_order_relaxed) != i + 1) usleep(100);
  }
  ReachStep(2);
  receiver.join();
}
