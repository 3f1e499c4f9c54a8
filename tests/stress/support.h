// What the programs here share, on top of e2e/support/order.h.
#pragma once

#include "../e2e/support/order.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern "C" unsigned long __csan_race_count();

// The value of "name=N" among the arguments, or `otherwise`.
UNSEEN static inline long Argument(int argc, char** argv, const char* name, long otherwise) {
  const size_t n = strlen(name);
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') return atol(argv[i] + n + 1);
  }
  return otherwise;
}

UNSEEN static inline void Expect(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "stress: %s\n", what);
  _Exit(3);
}

// A thread with a small stack, so that a thousand fit anywhere.
template <typename Function>
UNSEEN pthread_t StartThread(Function* function, void* argument) {
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, 256 << 10);
  pthread_t thread;
  Expect(pthread_create(&thread, &attr, function, argument) == 0, "cannot start a thread");
  pthread_attr_destroy(&attr);
  return thread;
}

// The largest resident set so far, in KiB.
UNSEEN static inline long PeakKiB() {
  char line[256];
  long peak = 0;
  FILE* status = fopen("/proc/self/status", "r");
  while (status != nullptr && fgets(line, sizeof(line), status) != nullptr) {
    sscanf(line, "VmHWM: %ld", &peak);
  }
  if (status != nullptr) fclose(status);
  return peak;
}
