// A hang says on standard error when its last step begins: run.py measures how long the report takes from
// there. Written without telling anyone, as in order.h.
#pragma once

#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "order.h"

UNSEEN static inline void LastStep(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  char text[64];
  const int n = snprintf(text, sizeof(text), "last step %ld.%09ld\n", (long)now.tv_sec, now.tv_nsec);
  syscall(SYS_write, 2, text, n);
}
