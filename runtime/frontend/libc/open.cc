// Files that are opened by name: the name is read. What the number stands for is found out at its first use
// (fd/table.h).
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

#include "frontend/libc/names.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(openat)

namespace {

using csan::Caller;

bool Makes(int flags) { return (flags & O_CREAT) != 0; }

// A file that was made for us alone was not there; one that had to be new and was there is so.
void Opened(const Caller& caller, const char* path, int flags, int fd) {
  if (fd < 0 && errno == EFAULT) return;
  csan::ReadString(caller, path);
  const bool alone = (flags & O_EXCL) != 0 && Makes(flags);
  if (fd >= 0 || (alone && errno == EEXIST))
    csan::SawName(path, fd < 0 || !alone);
  else if (errno == ENOENT)
    csan::SawName(path, false);
}

int Open(const Caller& caller, int at, const char* path, int flags, mode_t mode) {
  if (Makes(flags)) csan::ChangesNames();
  csan::BeforeWait();
  const int fd = real_openat()(at, path, flags, mode);
  Opened(caller, path, flags, fd);
  return fd;
}

}  // namespace

#define CSAN_OPEN(name, at, parameters)                \
  CSAN_INTERFACE int name parameters {                 \
    va_list list;                                      \
    va_start(list, flags);                             \
    const auto mode = va_arg(list, mode_t);            \
    va_end(list);                                      \
    return Open(CSAN_CALLER(), at, path, flags, mode); \
  }

extern "C" {

CSAN_OPEN(open, AT_FDCWD, (const char* path, int flags, ...))
CSAN_OPEN(open64, AT_FDCWD, (const char* path, int flags, ...))
CSAN_OPEN(openat, at, (int at, const char* path, int flags, ...))
CSAN_OPEN(openat64, at, (int at, const char* path, int flags, ...))
CSAN_INTERFACE int creat(const char* path, mode_t mode) {
  return Open(CSAN_CALLER(), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
CSAN_INTERFACE int creat64(const char* path, mode_t mode) {
  return Open(CSAN_CALLER(), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
}
