// KIND: deadlock
// The lock of a file and a mutex, in different orders.
#include <sys/file.h>

#include <mutex>
#include <thread>

#include "../support/last_step.h"
#include "../support/locked_file.h"

const int file = NewFile();
std::mutex mutex;

void Store() {
  flock(file, LOCK_EX);  // RACE
  if (BUG) ReachStep(1);
  if (BUG) AwaitStep(2);
  LastStep();
  mutex.lock();  // RACE
  mutex.unlock();
  flock(file, LOCK_UN);
}

void Load() {
  const int own = OpenAgain(file);
  if (BUG) mutex.lock();  // RACE
  if (BUG) ReachStep(2);
  LastStep();
  flock(own, LOCK_SH);  // RACE
  if (!BUG) mutex.lock();
  mutex.unlock();
  flock(own, LOCK_UN);
}

int main() {
  std::thread store(Store);
  if (BUG) AwaitStep(1);
  std::thread load(Load);
  store.join();
  load.join();
}
