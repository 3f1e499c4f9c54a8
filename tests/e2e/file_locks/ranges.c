// KIND: deadlock
// FLAGS: -D_GNU_SOURCE
// Records of one file locked by two open files: the same records in different orders, or other ones.
#include <pthread.h>

#include "../support/last_step.h"
#include "../support/locked_file.h"

static int file;

static void Lock(int fd, long record, short type) {
  struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = record * 10, .l_len = 10};
  fcntl(fd, F_OFD_SETLKW, &range);  // RACE
}

static void* Update(void* argument) {
  const int step = *(int*)argument;
  const int own = OpenAgain(file);
  Lock(own, step, F_WRLCK);
  if (BUG) ReachStep(step);
  AwaitStep(BUG ? 2 : 0);
  LastStep();
  Lock(own, BUG ? 3 - step : step + 2, F_RDLCK);
  close(own);
  return 0;
}

int main(void) {
  file = NewFile();
  int steps[] = {1, 2};
  pthread_t a;
  pthread_t b;
  pthread_create(&a, 0, Update, &steps[0]);
  if (BUG) AwaitStep(1);
  pthread_create(&b, 0, Update, &steps[1]);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return 0;
}
