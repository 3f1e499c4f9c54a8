// Waits until another thread stands in a futex wait: asked of the kernel by raw system calls, so that nobody
// learns anything from it.
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "order.h"

static int blocked_tid;

UNSEEN static inline void TellTid(void) {
  __atomic_store_n(&blocked_tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
}

UNSEEN static inline void ForgetTid(void) { __atomic_store_n(&blocked_tid, 0, __ATOMIC_RELEASE); }

// Of the thread that has called TellTid last.
UNSEEN static inline void AwaitBlocked(void) {
  char path[64];
  char text[8];
  int tid;
  while ((tid = __atomic_load_n(&blocked_tid, __ATOMIC_ACQUIRE)) == 0) sched_yield();
  snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
  do {
    sched_yield();
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
    const long n = syscall(SYS_read, fd, text, sizeof(text));
    syscall(SYS_close, fd);
    if (n < 4) text[0] = 0;
  } while (strncmp(text, "202 ", 4) != 0);
}
