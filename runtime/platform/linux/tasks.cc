// What the kernel says of this process's threads, from /proc/self/task.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/file.h>

#include "base/format.h"
#include "base/string.h"
#include "platform/linux/syscall.h"
#include "platform/platform.h"

namespace csan {
namespace {

struct Dirent {
  u64 inode;
  u64 offset;
  u16 size;
  u8 type;
  char name[1];
};

// Skips blanks, and 0x in front of a hexadecimal number. Moves *at behind the digits.
u64 ParseNumber(const char** at, u32 base) {
  const char* s = *at;
  while (*s == ' ' || *s == '\t') s++;
  if (base == 16 && StartsWith(s, "0x")) s += 2;
  u64 value = 0;
  for (;; s++) {
    const u32 letter = static_cast<u32>(*s - 'a');
    const u32 digit = letter < 6 ? letter + 10 : static_cast<u32>(*s - '0');
    if (digit >= base) break;
    value = value * base + digit;
  }
  *at = s;
  return value;
}

bool ReadTaskFile(u64 tid, const char* file, char* buffer, uptr size) {
  Line<64> path;
  path.Str("/proc/self/task/").Dec(tid).Put('/').Str(file);
  const int fd = OpenRead(path.data());
  if (fd < 0) return false;
  const sptr n = ReadFd(fd, buffer, size - 1);
  CloseFd(fd);
  buffer[n > 0 ? n : 0] = 0;
  return n > 0;
}

// The value behind "\nname:"; 0 if there is none.
u64 Field(const char* text, const char* name, u32 base) {
  const char* at = StrFind(text, name);
  if (at == nullptr) return 0;
  at += StrLen(name);
  return ParseNumber(&at, base);
}

// From the arguments of a system call; waits for nothing if it is no such call.
FileLockWait FileLockOf(u64 call, const char* arguments) {
  const auto fd = static_cast<int>(ParseNumber(&arguments, 16));
  const u64 command = ParseNumber(&arguments, 16);
  const uptr range = ParseNumber(&arguments, 16);
  using Call = FileLockWait::Call;
  if (call == __NR_flock && (command & LOCK_NB) == 0) {
    return {Call::kFlock, (command & LOCK_SH) != 0, fd, 0};
  }
  if (call == __NR_fcntl && command == F_SETLKW) return {Call::kOfProcess, false, fd, range};
  if (call == __NR_fcntl && command == F_OFD_SETLKW) return {Call::kOfOpenFile, false, fd, range};
  return {};
}

}  // namespace

bool ForEachEntry(const char* folder, bool (*visit)(u64 number, void* context), void* context) {
  const int fd = OpenRead(folder);
  if (fd < 0) return false;
  alignas(8) char buffer[4096];
  bool more = true;
  while (more) {
    const sptr n = Syscall(__NR_getdents64, static_cast<uptr>(fd), reinterpret_cast<uptr>(buffer),
                           sizeof(buffer));
    if (n <= 0) break;
    for (sptr at = 0; at < n && more;) {
      const auto* entry = reinterpret_cast<const Dirent*>(buffer + at);
      at += entry->size;
      const char* name = entry->name;
      if (*name >= '0' && *name <= '9') more = visit(ParseNumber(&name, 10), context);
    }
  }
  CloseFd(fd);
  return true;
}

bool ForEachTask(bool (*visit)(u64 tid, void* context), void* context) {
  return ForEachEntry("/proc/self/task", visit, context);
}

namespace {

// Calls visit(word) for the hexadecimal number behind each `mark` in a file ("signal: 34/…" has it behind the
// slash). Numbers that a page's end cuts are put together.
void ForEachHexBehind(const char* path, const char* mark, void (*visit)(uptr, void*),
                      void* context) {
  const int fd = OpenRead(path);
  if (fd < 0) return;
  char text[4096];
  uptr have = 0;
  for (;;) {
    const sptr n = ReadFd(fd, text + have, sizeof(text) - 1 - have);
    if (n <= 0) break;
    have += static_cast<uptr>(n);
    text[have] = 0;
    uptr line = 0;
    for (uptr i = 0; i < have; i++) {
      if (text[i] != '\n') continue;
      text[i] = 0;
      if (const char* at = StrFind(text + line, mark)) {
        at += StrLen(mark);
        const char* slash = StrFind(at, "/");
        if (slash != nullptr) at = slash + 1;
        visit(ParseNumber(&at, 16), context);
      }
      line = i + 1;
    }
    if (line == 0) break;  // no such line exists
    for (uptr i = line; i < have; i++) text[i - line] = text[i];
    have -= line;
  }
  CloseFd(fd);
}

}  // namespace

void ForEachKernelPointer(u64 process, void (*visit)(uptr, void*), void* context) {
  struct Visit {
    void (*visit)(uptr, void*);
    void* context;
  } both = {visit, context};
  ForEachEntry(
      "/proc/self/fdinfo",
      [](u64 number, void* v) {
        const auto* to = static_cast<Visit*>(v);
        Line<64> path;
        path.Str("/proc/self/fdinfo/").Dec(number);
        ForEachHexBehind(path.data(), "data:", to->visit, to->context);
        return true;
      },
      &both);
  Line<64> timers;
  timers.Str("/proc/").Dec(process).Str("/timers");
  ForEachHexBehind(timers.data(), "signal:", visit, context);
}

bool ReadTask(u64 tid, Task* task) {
  char text[4096];
  *task = {};
  if (!ReadTaskFile(tid, "status", text, sizeof(text))) return false;
  task->switches = Field(text, "\nvoluntary_ctxt_switches:", 10) +
                   Field(text, "\nnonvoluntary_ctxt_switches:", 10);
  task->blocked_signals = Field(text, "\nSigBlk:", 16);
  task->caught_signals = Field(text, "\nSigCgt:", 16);
  const char* state = StrFind(text, "\nState:");
  task->ended = state != nullptr && StrFind(state, "Z (zombie)") != nullptr;
  task->asleep = state != nullptr && StrFind(state, "R (running)") == nullptr;
  if (task->ended) return true;
  // Who has been woken, but not begun to run, is still shown in its call, though as one that runs: up to a
  // quarter of all looks right after a wake saw that, on two cores. So the state is asked first. Who is
  // stopped or traced may have been woken too, and who waits for a page may find another value in it.
  const bool waits = state != nullptr && StrFind(state, "S (sleeping)") != nullptr;
  if (!ReadTaskFile(tid, "syscall", text, sizeof(text))) return false;
  const char* at = text;
  if (*at < '0' || *at > '9') return true;  // "running"
  const u64 call = ParseNumber(&at, 10);
  if (call != __NR_futex) {
    task->file = FileLockOf(call, at);
    task->stuck = waits && task->file.call != FileLockWait::Call::kNone;
    return true;
  }
  task->futex = ParseNumber(&at, 16);
  const u64 operation = ParseNumber(&at, 16) & static_cast<u32>(FUTEX_CMD_MASK);
  ParseNumber(&at, 16);
  const u64 timeout = ParseNumber(&at, 16);
  task->stuck = waits && timeout == 0 &&
                (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET ||
                 operation == FUTEX_LOCK_PI || operation == FUTEX_WAIT_REQUEUE_PI);
  return true;
}

}  // namespace csan
