// What a file is. The kernel is asked directly, because C libraries before 2.33 have these as inline
// functions only. Edges: as names.h says.
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "frontend/libc/names.h"
#include "frontend/libc/text.h"
#include "platform/linux/syscall.h"

namespace {

using csan::Caller;

int Stat(const Caller& caller, int at, const char* path, void* to, int flags) {
  const csan::sptr result = csan::Syscall(
      __NR_newfstatat, static_cast<csan::uptr>(at), reinterpret_cast<csan::uptr>(path),
      reinterpret_cast<csan::uptr>(to), static_cast<csan::uptr>(flags));
  if (result != -EFAULT) csan::ReadString(caller, path);
  if (*path != 0 && (result == 0 || result == -ENOENT)) csan::SawName(path, result == 0);
  if (result == 0) caller.Write(to, sizeof(struct stat));
  if (result >= 0) return 0;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace

#define CSAN_STAT(name, parameters, at, path, flags)                                  \
  extern "C" CSAN_INTERFACE CSAN_WEAK int csan_call_##name parameters __asm__(#name); \
  extern "C" int csan_call_##name parameters { return Stat(CSAN_CALLER(), at, path, to, flags); }

CSAN_STAT(stat, (const char* path, void* to), AT_FDCWD, path, 0)
CSAN_STAT(stat64, (const char* path, void* to), AT_FDCWD, path, 0)
CSAN_STAT(lstat, (const char* path, void* to), AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)
CSAN_STAT(lstat64, (const char* path, void* to), AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)
CSAN_STAT(fstat, (int fd, void* to), fd, "", AT_EMPTY_PATH)
CSAN_STAT(fstat64, (int fd, void* to), fd, "", AT_EMPTY_PATH)
CSAN_STAT(fstatat, (int at, const char* path, void* to, int flags), at, path, flags)
CSAN_STAT(fstatat64, (int at, const char* path, void* to, int flags), at, path, flags)
