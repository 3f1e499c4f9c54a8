// KIND: data-race
// A notice of a finished operation runs on a thread of the C library, which is an actor; submitting the
// operation is ordered before it, and the control block may be submitted again by it.
#include <aio.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>

#include "../support/order.h"

int data;
char buffer[8];
aiocb block;
std::atomic<int> calls;

void Called(sigval value) {
  AwaitStep(1);
  if (value.sival_int != 7) _exit(3);
  const int call = calls.load(std::memory_order_relaxed);
  if (call == 0) data++;  // RACE
  if (aio_return(&block) != 8) _exit(4);
  buffer[0]++;
  if (call < 3 && aio_read(&block) != 0) _exit(5);
  calls.fetch_add(1, std::memory_order_relaxed);
}

int main() {
  block.aio_fildes = fileno(tmpfile());
  if (pwrite(block.aio_fildes, "01234567", 8, 0) != 8) return 2;
  block.aio_buf = buffer;
  block.aio_nbytes = 8;
  block.aio_sigevent.sigev_notify = SIGEV_THREAD;
  block.aio_sigevent.sigev_notify_function = Called;
  block.aio_sigevent.sigev_value.sival_int = 7;
  if (!BUG) data++;
  if (aio_read(&block) != 0) return 2;
  if (BUG) data++;  // RACE
  ReachStep(1);
  while (calls.load(std::memory_order_relaxed) < 4) usleep(100);
}
