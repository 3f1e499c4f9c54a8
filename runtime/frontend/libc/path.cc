// Functions about files by name that fill a buffer of the caller. No edges.
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontend/libc/caller.h"
#include "frontend/real.h"

// What _FORTIFY_SOURCE makes of calls whose buffer's size is known.
extern "C" {
char* __realpath_chk(const char* path, char* to, size_t room);
ssize_t __readlink_chk(const char* path, char* to, size_t size, size_t room);
ssize_t __readlinkat_chk(int at, const char* path, char* to, size_t size, size_t room);
char* __getcwd_chk(char* to, size_t size, size_t room);
}

CSAN_REAL(__realpath_chk)
CSAN_REAL(__readlink_chk)
CSAN_REAL(__readlinkat_chk)
CSAN_REAL(__getcwd_chk)
CSAN_REAL_VERSION(realpath, "GLIBC_2.3")
CSAN_REAL(readlink)
CSAN_REAL(readlinkat)
CSAN_REAL(getcwd)

namespace {

using csan::Caller;
using csan::StringLength;
using csan::uptr;

// A path that was found; one that the C library has allocated is new.
char* Found(const Caller& caller, char* found, const char* buffer) {
  if (caller && found != nullptr && found == buffer) caller.Write(found, StringLength(found) + 1);
  return found;
}
ssize_t Link(const Caller& caller, ssize_t got, const char* path, char* to) {
  if (caller && got >= 0) {
    caller.Read(path, StringLength(path) + 1);
    caller.Write(to, static_cast<uptr>(got));
  }
  return got;
}

}  // namespace

extern "C" {

CSAN_INTERFACE char* realpath(const char* path, char* to) noexcept {
  return Found(CSAN_CALLER(), real_realpath()(path, to), to);
}
CSAN_INTERFACE char* __realpath_chk(const char* path, char* to, size_t room) {
  return Found(CSAN_CALLER(), real___realpath_chk()(path, to, room), to);
}
CSAN_INTERFACE char* getcwd(char* to, size_t size) noexcept {
  return Found(CSAN_CALLER(), real_getcwd()(to, size), to);
}
CSAN_INTERFACE char* __getcwd_chk(char* to, size_t size, size_t room) {
  return Found(CSAN_CALLER(), real___getcwd_chk()(to, size, room), to);
}
CSAN_INTERFACE ssize_t readlink(const char* path, char* to, size_t size) noexcept {
  return Link(CSAN_CALLER(), real_readlink()(path, to, size), path, to);
}
CSAN_INTERFACE ssize_t __readlink_chk(const char* path, char* to, size_t size, size_t room) {
  return Link(CSAN_CALLER(), real___readlink_chk()(path, to, size, room), path, to);
}
CSAN_INTERFACE ssize_t readlinkat(int at, const char* path, char* to, size_t size) noexcept {
  return Link(CSAN_CALLER(), real_readlinkat()(at, path, to, size), path, to);
}
CSAN_INTERFACE ssize_t __readlinkat_chk(int at, const char* path, char* to, size_t size,
                                        size_t room) {
  return Link(CSAN_CALLER(), real___readlinkat_chk()(at, path, to, size, room), path, to);
}
}
