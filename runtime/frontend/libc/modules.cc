#include "frontend/libc/modules.h"

#include "base/string.h"
#include "platform/platform.h"

namespace csan {
namespace {

struct Range {
  uptr lo, hi;
};
constexpr u32 kMax = 1024;
constinit Range ranges[kMax] = {};
constinit u32 count = 0;

struct Search {
  uptr pc;
  char path[256];
  Range range;
};

// The lines of one module follow each other; the one with `pc` may be in the middle.
bool Visit(const Mapping& m, void* context) {
  auto* s = static_cast<Search*>(context);
  if (!StrEq(m.path, s->path)) {
    if (s->pc >= s->range.lo && s->pc < s->range.hi) return false;
    StrCopy(s->path, m.path, sizeof(s->path));
    s->range = {m.lo, m.hi};
  } else {
    s->range.hi = m.hi;
  }
  return true;
}

}  // namespace

void RegisterModule(uptr pc) {
  if (IsInstrumented(pc) || count == kMax) return;
  Search search = {pc, "", {0, 0}};
  ForEachMapping(Visit, &search);
  if (pc < search.range.lo || pc >= search.range.hi) return;
  ranges[count] = search.range;
  __atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
}

bool IsInstrumented(uptr pc) {
  const u32 n = __atomic_load_n(&count, __ATOMIC_ACQUIRE);
  for (u32 i = 0; i < n; i++) {
    if (pc - ranges[i].lo < ranges[i].hi - ranges[i].lo) return true;
  }
  return false;
}

}  // namespace csan
