// KIND: data-race
// OPTIONS: report_signal_unsafe=0
// Handlers that allocate and count, 5000 times a second and more, in threads that do the same and lock.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../support/order.h"

std::atomic<int> handled, hot;
std::atomic<bool> stop;
std::mutex mutex;  // not for handlers: one would wait for what it interrupts
int counter;

void Handle(int) {
  const int error = errno;
  handled++;
  std::vector<std::string> v(3, std::string(100, 'x'));
  hot += static_cast<int>(v[1].size());
  static std::atomic<int> busy;
  if (busy.exchange(1) == 0) busy = 0;
  errno = error;
}

void Work(int seed) {
  std::vector<std::string> kept;
  for (int i = seed; !stop; i++) {
    errno = 12345;
    hot++;
    kept.push_back(std::string(static_cast<size_t>(i % 300), 'y'));
    if (kept.size() > 50) kept.clear();
    {
      std::lock_guard guard(mutex);
      counter++;
    }
    if (errno != 12345) _exit(3);
  }
}

int main() {
  struct sigaction action = {};
  action.sa_handler = Handle;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);
  const itimerval often = {{0, 200}, {0, 200}};
  setitimer(ITIMER_REAL, &often, nullptr);
  std::thread threads[3];
  for (int i = 0; i < 3; i++) threads[i] = std::thread(Work, i);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1000);
  for (int i = 0; std::chrono::steady_clock::now() < end; i++) {
    pthread_kill(threads[i % 3].native_handle(), SIGUSR1);
    std::vector<int> v(static_cast<size_t>(i % 100 + 1), i);
    hot += v[0];
  }
  stop = true;
  for (auto& t : threads) t.join();
  const itimerval never = {};
  setitimer(ITIMER_REAL, &never, nullptr);
  if (handled < 100) return 2;
  auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    counter++;  // RACE
  };
  InTurn(count, count);
}
