// A file without a name, and further open files of it.
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline int NewFile(void) {
  char name[] = "/tmp/locked_file.XXXXXX";
  const int fd = mkostemp(name, O_CLOEXEC);
  unlink(name);
  return fd;
}

static inline int OpenAgain(int fd) {
  char name[64];
  snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
  return open(name, O_RDWR | O_CLOEXEC);
}
