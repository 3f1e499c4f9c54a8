#include "frontend/libc/modules.h"

#include <dlfcn.h>
#include <link.h>

#include "base/spin_lock.h"
#include "base/string.h"
#include "detect/race/memory_events.h"
#include "frontend/real.h"
#include "platform/platform.h"

CSAN_REAL(dlclose)
CSAN_REAL(dlopen)

namespace csan {
namespace {

struct Range {
  uptr lo, hi;
};
// Of a module that is loaded; size 0 when it no longer is. Written in an order that
// never shows a reader a range that was not there.
struct Loaded {
  uptr lo, size;
};
constexpr u32 kMax = 1024;
constinit Loaded loaded[kMax] = {};
constinit u32 count = 0;
constinit u64 deep_binds = 0;
constinit u32 unloads = 0;
constinit SpinLock lock;

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

struct Extent {
  uptr pc;
  uptr end;
};

int FindEnd(dl_phdr_info* info, size_t, void* context) {
  auto* extent = static_cast<Extent*>(context);
  bool found = false;
  uptr end = 0;
  for (u32 i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) & part = info->dlpi_phdr[i];
    if (part.p_type != PT_LOAD) continue;
    const uptr lo = info->dlpi_addr + part.p_vaddr;
    found = found || extent->pc - lo < part.p_memsz;
    if (lo + part.p_memsz > end) end = lo + part.p_memsz;
  }
  if (found) extent->end = end;
  return found ? 1 : 0;
}

// Where the module with the code at `pc` ends; 0 if the loader does not know it. What its file does not fill
// of its data has no name among the mappings, as little as what the program may have mapped behind it.
uptr EndOf(uptr pc) {
  Extent extent = {pc, 0};
  dl_iterate_phdr(FindEnd, &extent);
  return extent.end;
}

// What the module's place in memory was used for before. Cells are looked for in small ranges only.
void Forget(uptr lo, uptr hi) {
  constexpr uptr kPiece = 64 << 10;
  constexpr uptr kLookedAt = 16 << 20;
  const uptr until = !multi_actor ? lo : hi - lo < kLookedAt ? hi : lo + kLookedAt;
  while (lo < until) {
    const uptr size = until - lo < kPiece ? until - lo : kPiece;
    ForgetRange(lo, size);
    lo += size;
  }
  ForgetRange(lo, hi - lo);
}

bool Covers(const Loaded& l, uptr addr) {
  const uptr lo = __atomic_load_n(&l.lo, __ATOMIC_RELAXED);
  return addr - lo < __atomic_load_n(&l.size, __ATOMIC_ACQUIRE);
}

Loaded* FreePlace() {
  for (u32 i = 0; i < count; i++) {
    if (loaded[i].size == 0) return &loaded[i];
  }
  return count == kMax ? nullptr : &loaded[count];
}

struct Census {
  bool present[kMax];
};

int CountIn(dl_phdr_info* info, size_t, void* context) {
  auto* census = static_cast<Census*>(context);
  for (u32 i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type != PT_LOAD) continue;
    const uptr at = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    for (u32 k = 0; k < count; k++) {
      if (Covers(loaded[k], at)) census->present[k] = true;
    }
  }
  return 0;
}

}  // namespace

bool UnloadsModule() { return __atomic_load_n(&unloads, __ATOMIC_RELAXED) != 0; }
u64 DeepBindsLeftOut() { return __atomic_load_n(&deep_binds, __ATOMIC_RELAXED); }

void RegisterModule(uptr pc, bool new_data) {
  if (IsInstrumented(pc)) return;
  SpinGuard guard(lock);
  if (IsInstrumented(pc)) return;
  Loaded* place = FreePlace();
  if (place == nullptr) return;
  Search search = {pc, "", {0, 0}};
  ForEachMapping(Visit, &search);
  if (pc < search.range.lo || pc >= search.range.hi) return;
  const uptr end = EndOf(pc);
  if (end > search.range.hi) search.range.hi = end;
  __atomic_store_n(&place->lo, search.range.lo, __ATOMIC_RELAXED);
  __atomic_store_n(&place->size, search.range.hi - search.range.lo, __ATOMIC_RELEASE);
  if (place == &loaded[count]) __atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
  // Its data begin their life where another module's may have been.
  if (InitDone() && new_data) Forget(search.range.lo, search.range.hi);
}

void ForgetUnloadedModules() {
  Census census = {};
  dl_iterate_phdr(CountIn, &census);
  for (u32 i = 0; i < count; i++) {
    if (!census.present[i]) __atomic_store_n(&loaded[i].size, 0ul, __ATOMIC_RELEASE);
  }
}

bool IsInstrumented(uptr pc) {
  const u32 n = __atomic_load_n(&count, __ATOMIC_ACQUIRE);
  for (u32 i = 0; i < n; i++) {
    if (Covers(loaded[i], pc)) return true;
  }
  return false;
}

}  // namespace csan

// A library with RTLD_DEEPBIND would find the C library before us: its threads, locks and memory would be
// unknown, and its threads' first instrumented function would have no stack to push to. Without, it may
// bind to a symbol of the program's that it was to be spared. A jump, because the real function looks
// where its caller lies.
extern "C" CSAN_INTERFACE void* dlopen(const char* file, int mode) noexcept {
  if ((mode & RTLD_DEEPBIND) != 0) __atomic_fetch_add(&csan::deep_binds, 1ul, __ATOMIC_RELAXED);
  [[clang::musttail]] return real_dlopen()(file, mode & ~RTLD_DEEPBIND);
}

extern "C" CSAN_INTERFACE int dlclose(void* handle) noexcept {
  __atomic_fetch_add(&csan::unloads, 1u, __ATOMIC_RELAXED);
  const int result = real_dlclose()(handle);
  __atomic_fetch_sub(&csan::unloads, 1u, __ATOMIC_RELAXED);
  if (result == 0 && csan::InitDone()) csan::ForgetUnloadedModules();
  return result;
}
