// The process's list of mappings, read line by line.
#include "platform/platform.h"

#include "base/string.h"

namespace csan {
namespace {

const char* ParseHex(const char* s, uptr* value) {
  *value = 0;
  for (;; s++) {
    u32 digit;
    if (*s >= '0' && *s <= '9') {
      digit = static_cast<u32>(*s - '0');
    } else if (*s >= 'a' && *s <= 'f') {
      digit = static_cast<u32>(*s - 'a' + 10);
    } else {
      return s;
    }
    *value = *value * 16 + digit;
  }
}

bool ParseMapping(char* line, Mapping* m) {
  const char* s = ParseHex(line, &m->lo);
  if (*s != '-') return false;
  s = ParseHex(s + 1, &m->hi);
  if (*s != ' ') return false;
  m->readable = s[1] == 'r';
  m->writable = s[2] == 'w';
  m->executable = s[3] == 'x';
  m->shared = s[4] == 's';
  s = ParseHex(s + 6, &m->offset);
  for (int fields = 0; fields < 2 && *s != 0; fields++) {
    while (*s == ' ') s++;
    while (*s != 0 && *s != ' ') s++;
  }
  while (*s == ' ') s++;
  StrCopy(m->path, s, sizeof(m->path));
  return true;
}

}  // namespace

void ForEachMapping(bool (*visit)(const Mapping&, void*), void* context) {
  // The process's own file is empty once the main thread has ended.
  int fd = OpenRead("/proc/thread-self/maps");
  if (fd < 0) fd = OpenRead("/proc/self/maps");
  if (fd < 0) return;
  char buffer[4096];
  uptr have = 0;
  bool more = true;
  while (more) {
    const sptr n = ReadFd(fd, buffer + have, sizeof(buffer) - 1 - have);
    if (n <= 0) break;
    have += static_cast<uptr>(n);
    uptr start = 0;
    for (uptr i = 0; i < have && more; i++) {
      if (buffer[i] != '\n') continue;
      buffer[i] = 0;
      Mapping m;
      if (ParseMapping(buffer + start, &m)) more = visit(m, context);
      start = i + 1;
    }
    if (start == 0 && have == sizeof(buffer) - 1) start = have;  // no such line exists
    for (uptr i = start; i < have; i++) buffer[i - start] = buffer[i];
    have -= start;
  }
  CloseFd(fd);
}

bool FindMapping(uptr addr, Mapping* found) {
  *found = {addr, addr, 0, false, false, false, false, ""};
  ForEachMapping(
      [](const Mapping& m, void* context) {
        auto* wanted = static_cast<Mapping*>(context);
        if (wanted->lo < m.lo || wanted->lo >= m.hi) return true;
        *wanted = m;
        return false;
      },
      found);
  return found->hi != addr;
}

}  // namespace csan
