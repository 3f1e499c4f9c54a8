// What the kernel says of this process's threads, from /proc/self/task.
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>

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

u64 ParseNumber(const char** at) {
  const char* s = *at;
  while (*s == ' ' || *s == '\t') s++;
  const u64 base = s[0] == '0' && s[1] == 'x' ? 16 : 10;
  if (base == 16) s += 2;
  u64 value = 0;
  for (;; s++) {
    const char c = *s;
    const u64 digit = c >= '0' && c <= '9'                 ? static_cast<u64>(c - '0')
                      : base == 16 && c >= 'a' && c <= 'f' ? static_cast<u64>(c - 'a' + 10)
                                                           : base;
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

// The value behind "\nname:" as a decimal number, or as hexadecimal digits without 0x.
u64 Field(const char* text, const char* name, bool hexadecimal) {
  const char* at = StrStr(text, name);
  if (at == nullptr) return 0;
  at += StrLen(name);
  if (!hexadecimal) return ParseNumber(&at);
  while (*at == ' ' || *at == '\t') at++;
  Line<24> digits;
  digits.Str("0x");
  while ((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f')) digits.Put(*at++);
  const char* number = digits.data();
  return ParseNumber(&number);
}

}  // namespace

bool ForEachTask(bool (*visit)(u64 tid, void* context), void* context) {
  const sptr fd = Syscall(__NR_open, reinterpret_cast<uptr>("/proc/self/task"),
                          O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
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
      if (*name >= '1' && *name <= '9') more = visit(ParseNumber(&name), context);
    }
  }
  CloseFd(static_cast<int>(fd));
  return true;
}

bool ReadTask(u64 tid, Task* task) {
  char text[4096];
  *task = {};
  if (!ReadTaskFile(tid, "status", text, sizeof(text))) return false;
  task->switches = Field(text, "\nvoluntary_ctxt_switches:", false) +
                   Field(text, "\nnonvoluntary_ctxt_switches:", false);
  task->blocked_signals = Field(text, "\nSigBlk:", true);
  task->caught_signals = Field(text, "\nSigCgt:", true);
  const char* state = StrStr(text, "\nState:");
  task->ended = state != nullptr && StrStr(state, "Z (zombie)") != nullptr;
  if (task->ended) return true;
  if (!ReadTaskFile(tid, "syscall", text, sizeof(text))) return false;
  const char* at = text;
  if (*at < '0' || *at > '9') return true;  // "running"
  if (ParseNumber(&at) != __NR_futex) return true;
  task->futex = ParseNumber(&at);
  const u64 operation = ParseNumber(&at) & static_cast<u32>(FUTEX_CMD_MASK);
  ParseNumber(&at);
  const u64 timeout = ParseNumber(&at);
  task->stuck = timeout == 0 && (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET ||
                                 operation == FUTEX_LOCK_PI || operation == FUTEX_WAIT_REQUEUE_PI);
  return true;
}

}  // namespace csan
