// KIND: data-race
// A buffer belongs to the operation until its end is known, even for the thread that submitted it.
#include <aio.h>
#include <stdio.h>
#include <unistd.h>

char buffer[64];
aiocb block;

int main() {
  block.aio_fildes = fileno(tmpfile());
  if (write(block.aio_fildes, "0123456789", 10) != 10) return 2;
  block.aio_buf = buffer;
  block.aio_nbytes = 10;
  block.aio_sigevent.sigev_notify = SIGEV_NONE;
  if (aio_read(&block) != 0) return 2;  // RACE
  const aiocb* list[] = {&block};
  buffer[20] = 1;
  if (!BUG && aio_suspend(list, 1, nullptr) != 0) return 3;
  buffer[5] = 'x';  // RACE
  if (BUG && aio_suspend(list, 1, nullptr) != 0) return 3;
  if (aio_return(&block) != 10) return 4;
  // What is refused has never begun.
  block.aio_reqprio = -1;
  if (aio_read(&block) == 0) return 5;
  buffer[0] = 'x';
}
