// KIND: deadlock
// FLAGS: -D_GNU_SOURCE
// EACH: -DLOCK=lockf -DLOCK=lockf64
// A lock of the process waits for one of an open file, though its threads share the first kind.
#include <pthread.h>

#include "../support/last_step.h"
#include "../support/locked_file.h"

static int file;

static void* Append(void* argument) {
  const int own = OpenAgain(file);
  LastStep();
  LOCK(own, F_LOCK, 0);  // RACE
  close(own);
  return argument;
}

int main(void) {
  file = NewFile();
  struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  fcntl(file, BUG ? F_OFD_SETLKW : F_SETLKW, &all);  // RACE
  pthread_t thread;
  pthread_create(&thread, 0, Append, 0);
  pthread_join(thread, 0);
  return 0;
}
