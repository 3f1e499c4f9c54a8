// KIND: data-race
// Who has seen a name missing and then finds it is ordered after who made it; who finds it at once is not.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/order.h"

int value;

int main() {
  char name[64], lock[64];
  snprintf(name, sizeof(name), "/tmp/csan_polled.%d", getpid());
  snprintf(lock, sizeof(lock), "/tmp/csan_locked.%d", getpid());
  std::thread maker([&] {
    if (!BUG) AwaitStep(1);
    value = 1;  // RACE
    if (creat(name, 0600) < 0 || creat(lock, 0600) < 0) _exit(2);
    ReachStep(2);
  });
  std::thread poller([&] {
    struct stat status;
    if (BUG) AwaitStep(2);
    if (!BUG && (stat(name, &status) == 0 || access(lock, F_OK) == 0)) _exit(3);
    ReachStep(1);
    while (stat(name, &status) != 0) usleep(100);
    value = 2;  // RACE
  });
  maker.join();
  poller.join();
  // A file that only one may make is a lock.
  ReachStep(3);
  int fd = -1;
  std::thread unlocker([&] {
    AwaitStep(4);
    value = 3;
    unlink(lock);
  });
  std::thread locker([&] {
    while ((fd = open(lock, O_CREAT | O_EXCL, 0600)) < 0) {
      ReachStep(4);
      usleep(100);
    }
    value = 4;
  });
  unlocker.join();
  locker.join();
  unlink(name);
  unlink(lock);
}
