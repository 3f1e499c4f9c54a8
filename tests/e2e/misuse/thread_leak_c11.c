// KIND: thread-leak
// A C11 thread that nobody joins.
#include <threads.h>

#include "../support/blocked.h"

static int Nothing(void* argument) {
  TellTid();
  return argument != 0;
}

UNSEEN static int Runs(void) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/self/task/%d", blocked_tid);
  return blocked_tid == 0 || access(path, F_OK) == 0;
}

int main(void) {
  thrd_t thread;
  thrd_create(&thread, Nothing, 0);  // RACE
  while (Runs()) thrd_yield();
  return BUG ? 0 : thrd_join(thread, 0) != thrd_success;
}
