// KIND: data-race
// The notice of a list of operations comes after all of them; a buffer of none of them may be touched before.
#include <aio.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>

#include "../support/order.h"

char buffers[3][8];
aiocb blocks[3];
std::atomic<int> calls;

void Called(sigval value) {
  auto* base = static_cast<char*>(value.sival_ptr);
  for (int i = 0; i < 3; i++) base[i * 8]++;
  calls.fetch_add(1, std::memory_order_release);
}

int main() {
  const int fd = fileno(tmpfile());
  if (write(fd, "01234567", 8) != 8) return 2;
  aiocb* list[3];
  for (int i = 0; i < 3; i++) {
    blocks[i].aio_fildes = fd;
    blocks[i].aio_buf = buffers[i];
    blocks[i].aio_nbytes = 8;
    blocks[i].aio_lio_opcode = LIO_READ;
    blocks[i].aio_sigevent.sigev_notify = SIGEV_NONE;
    list[i] = &blocks[i];
  }
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = Called;
  event.sigev_value.sival_ptr = buffers;
  if (lio_listio(LIO_NOWAIT, list, 3, &event) != 0) return 2;  // RACE
  if (BUG) buffers[1][4] = 1;                                  // RACE
  while (calls.load(std::memory_order_acquire) == 0) usleep(100);
  buffers[2][4] = 1;
}
