// KIND: unlock-by-other
// A mutex used as a signal: locked here, unlocked there.
#include <semaphore.h>

#include <mutex>
#include <thread>

std::mutex done;
sem_t finished;

int main() {
  sem_init(&finished, 0, 0);
  if (BUG) done.lock();  // RACE
  std::thread worker([] {
    if (BUG) done.unlock();  // RACE
    sem_post(&finished);
  });
  sem_wait(&finished);
  worker.join();
}
