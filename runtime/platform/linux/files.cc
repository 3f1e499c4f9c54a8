// Files and terminals.
#include "platform/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "platform/linux/syscall.h"

namespace csan {

sptr WriteFd(int fd, const void* data, uptr size) {
  const char* at = static_cast<const char*>(data);
  uptr left = size;
  while (left != 0) {
    const sptr n = Syscall(__NR_write, static_cast<uptr>(fd), Arg(at), left);
    if (n == -EINTR) continue;
    if (n <= 0) return n;
    at += n;
    left -= static_cast<uptr>(n);
  }
  return static_cast<sptr>(size);
}

sptr ReadFd(int fd, void* data, uptr size) {
  for (;;) {
    const sptr n = Syscall(__NR_read, static_cast<uptr>(fd), Arg(data), size);
    if (n != -EINTR) return n;
  }
}

sptr ReadFdAt(int fd, void* data, uptr size, uptr offset) {
  return Syscall(__NR_pread64, static_cast<uptr>(fd), Arg(data), size, offset);
}

int OpenRead(const char* path) {
  return static_cast<int>(
      Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path), O_RDONLY | O_CLOEXEC));
}

int OpenWrite(const char* path) {
  return static_cast<int>(Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path),
                                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
}

int OpenAppend(const char* path) {
  return static_cast<int>(Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path),
                                  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

void CloseFd(int fd) { Syscall(__NR_close, static_cast<uptr>(fd)); }

uptr FileSize(int fd) {
  struct stat status;
  if (Syscall(__NR_fstat, static_cast<uptr>(fd), Arg(&status)) != 0) return 0;
  return static_cast<uptr>(status.st_size);
}

u32 FileType(int fd) {
  struct stat status;
  if (Syscall(__NR_fstat, static_cast<uptr>(fd), Arg(&status)) != 0) return 0;
  return status.st_mode & S_IFMT;
}

bool IsTerminal(int fd) {
  char termios[64];
  constexpr uptr kGetTermios = 0x5401;
  return Syscall(__NR_ioctl, static_cast<uptr>(fd), kGetTermios, Arg(termios)) == 0;
}

}  // namespace csan
