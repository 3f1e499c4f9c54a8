// KIND: data-race
// Handlers of pthread_atfork allocate and lock.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>

#include "../support/order.h"

std::mutex mutex;
std::string text;
int counter;

int main() {
  pthread_atfork(
      [] {
        mutex.lock();
        text = std::string(5000, 'x');
      },
      [] { mutex.unlock(); },
      [] {
        text += std::string(50000, 'y');
        mutex.unlock();
      });
  std::thread busy([] {
    for (int i = 0; i < 2000; i++) {
      std::lock_guard guard(mutex);
      text = std::to_string(i) + std::string(static_cast<size_t>(i), 'z');
    }
  });
  for (int i = 0; i < 10; i++) {
    const pid_t child = fork();
    if (child == 0) {
      std::lock_guard guard(mutex);
      _exit(text.size() == 55000 ? 0 : 3);
    }
    int status = 1;
    waitpid(child, &status, 0);
    if (status != 0) return 2;
  }
  busy.join();
  auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    counter++;  // RACE
  };
  InTurn(count, count);
}
