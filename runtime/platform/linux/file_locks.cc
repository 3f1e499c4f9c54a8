// Locks of files, as the kernel tells of them in /proc/self/fdinfo and by F_OFD_GETLK.
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/stat.h>

#include "base/format.h"
#include "base/string.h"
#include "platform/linux/syscall.h"
#include "platform/platform.h"

namespace csan {
namespace {

struct File {
  u64 device, inode;
  bool operator==(const File& o) const { return device == o.device && inode == o.inode; }
};

File FileOf(int fd) {
  struct stat status;
  if (Syscall(__NR_fstat, static_cast<uptr>(fd), reinterpret_cast<uptr>(&status)) != 0) return {};
  return {status.st_dev, status.st_ino};
}

// What one line of fdinfo must say: "lock:\t1: OFDLCK ADVISORY  WRITE -1 fe:00:11028943 10 14".
struct Wanted {
  File file;
  int waiting;       // descriptor
  const char* kind;  // "FLOCK "
  bool write;        // only a lock for writing keeps others waiting
  Line<32> owner;    // the process, between blanks
  Line<64> range;    // its end; empty for all
  bool (*visit)(int fd, void* context);
  void* context;
};

bool LineFits(const char* line, const char* end, const Wanted& w) {
  const auto has = [&](const char* part) {
    const char* at = StrFind(line, part);
    return at != nullptr && at < end;
  };
  return has(w.kind) && (!w.write || has(" WRITE ")) && has(w.owner.data()) && has(w.range.data());
}

bool VisitIfLocked(u64 number, void* context) {
  auto* w = static_cast<Wanted*>(context);
  const int fd = static_cast<int>(number);
  if (fd == w->waiting || !(FileOf(fd) == w->file)) return true;
  Line<64> path;
  path.Str("/proc/self/fdinfo/").Dec(number);
  const int info = OpenRead(path.data());
  if (info < 0) return true;
  char text[4096];
  const sptr n = ReadFd(info, text, sizeof(text) - 1);
  CloseFd(info);
  text[n > 0 ? n : 0] = 0;
  for (const char* at = StrFind(text, "\nlock:"); at != nullptr; at = StrFind(at, "\nlock:")) {
    const char* line = ++at;
    const char* end = StrFind(line, "\n");
    if (end != nullptr && LineFits(line, end + 1, *w)) return w->visit(fd, w->context);
  }
  return true;
}

// A lock of a range: which one is in the way, the kernel says.
bool AskForRange(const FileLockWait& wait, Wanted* w) {
  struct flock range = *reinterpret_cast<const struct flock*>(wait.range);
  const bool of_process = wait.call == FileLockWait::Call::kOfProcess;
  const sptr result = Syscall(__NR_fcntl, static_cast<uptr>(wait.fd),
                              static_cast<uptr>(of_process ? F_GETLK : F_OFD_GETLK),
                              reinterpret_cast<uptr>(&range));
  if (result != 0 || range.l_type == F_UNLCK) return false;
  const bool by_open_file = range.l_pid == -1;
  if (!by_open_file && range.l_pid != GetPid()) return false;
  w->kind = by_open_file ? " OFDLCK " : " POSIX ";
  if (by_open_file) {
    w->owner.Str(" -1 ");
  } else {
    w->owner.Put(' ').Dec(static_cast<u64>(range.l_pid)).Put(' ');
  }
  w->range.Put(' ').Dec(static_cast<u64>(range.l_start)).Put(' ');
  if (range.l_len == 0) {
    w->range.Str("EOF\n");
  } else {
    w->range.Dec(static_cast<u64>(range.l_start + range.l_len - 1)).Put('\n');
  }
  return true;
}

struct Search {
  int fd;
  u64 parent;
  bool parent_seen;
  u64 process;
  bool closed_to_us;
  bool found;
};

// Goes on until it is found, or we may not look.
bool SearchAt(u64 number, void* context) {
  auto* s = static_cast<Search*>(context);
  const sptr result = Syscall(__NR_kcmp, static_cast<uptr>(GetPid()), s->process, KCMP_FILE,
                              static_cast<uptr>(s->fd), number);
  constexpr sptr kNotPermitted = -1;
  constexpr sptr kNoSuchCall = -38;
  s->closed_to_us = result == kNotPermitted;
  s->found = result == 0 || result == kNoSuchCall;
  return !s->found && !s->closed_to_us;
}

bool SearchProcess(u64 process, void* context) {
  auto* s = static_cast<Search*>(context);
  if (process == static_cast<u64>(GetPid())) return true;
  Line<64> path;
  path.Str("/proc/").Dec(process).Str("/fd");
  s->process = process;
  s->closed_to_us = !ForEachEntry(path.data(), SearchAt, s) || s->closed_to_us;
  if (!s->closed_to_us && process == s->parent) s->parent_seen = true;
  s->closed_to_us = false;
  return !s->found;
}

}  // namespace

void ForEachFileLockBefore(const FileLockWait& wait, bool (*visit)(int fd, void* context),
                           void* context) {
  Wanted wanted = {FileOf(wait.fd), wait.fd, " FLOCK ", wait.shared, {}, {}, visit, context};
  if (wait.call == FileLockWait::Call::kFlock) {
    // A lock that the waiting open file has had itself is given up before it waits for another.
    wanted.owner.Put(' ').Dec(static_cast<u64>(GetPid())).Put(' ');
  } else if (!AskForRange(wait, &wanted)) {
    return;
  }
  ForEachEntry("/proc/self/fd", VisitIfLocked, &wanted);
}

// A descriptor may have come from the parent; one that is closed by exec has not.
bool OthersHaveOpenFile(int fd) {
  Search search = {fd, static_cast<u64>(Syscall(__NR_getppid)), false, 0, false, false};
  if (!ForEachEntry("/proc", SearchProcess, &search)) return true;
  const bool closed_by_exec =
      (Syscall(__NR_fcntl, static_cast<uptr>(fd), F_GETFD) & FD_CLOEXEC) != 0;
  return search.found || (!search.parent_seen && !closed_by_exec);
}

}  // namespace csan
