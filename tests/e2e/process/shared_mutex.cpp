// KIND: data-race
// A mutex that parent and child share works in both; each process knows only its own side of it.
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "../support/order.h"

struct Shared {
  pthread_mutex_t mutex;
  long counter;
};

void Count(Shared* shared) {
  for (int i = 0; i < 1000; i++) {
    pthread_mutex_lock(&shared->mutex);
    shared->counter++;
    pthread_mutex_unlock(&shared->mutex);
  }
}

int main() {
  auto* shared = static_cast<Shared*>(
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared->mutex, &attr);
  std::thread other(Count, shared);
  const pid_t child = fork();
  if (child == 0) {
    std::thread(Count, shared).join();
    Count(shared);
    _exit(0);
  }
  Count(shared);
  other.join();
  int status = 1;
  waitpid(child, &status, 0);
  if (status != 0 || shared->counter != 4000) return 2;
  auto count = [=] {
    if (!BUG) pthread_mutex_lock(&shared->mutex);
    shared->counter++;  // RACE
    if (!BUG) pthread_mutex_unlock(&shared->mutex);
  };
  InTurn(count, count);
}
