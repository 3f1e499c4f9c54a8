// The hooks behind the inlined checks: plain accesses of 1 to 16 bytes.
//
// preserve_all and built without vector instructions: the program's registers stay where they are,
// so the hot path pays nothing for the call it does not make. What needs more leaves through
// __csan_slow_thunk, which saves the vector state too.
#include "abi/layout.h"
#include "actor/actor.h"
#include "detect/race/fast.h"
#include "shadow/shadow.h"

#define CSAN_COLD \
  extern "C" __attribute__((visibility("default"), preserve_all, used, noinline)) void

extern "C" __attribute__((preserve_all)) void __csan_slow_thunk(csan::uptr addr, csan::u64 what,
                                                                csan::u64 pc, csan::u64 caller_pc);

namespace csan {
namespace {

struct Place {
  uptr pc;      // return address of the hook, inside the accessing function
  uptr caller;  // return address of the accessing function
};

// The site of this access, using only what is cached; 0 means the slow path must intern it.
CSAN_ALWAYS_INLINE StackId CachedSite(Actor* a, const Place& place, u64 pc_note) {
  const StackEntry* top =
      reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  if (CSAN_UNLIKELY(top->pc != place.caller || top->node == 0)) return 0;
  const StackId parent = static_cast<StackId>(top->node);
  const SiteLine& line = a->sites[((pc_note ^ (pc_note >> 7)) + parent * 31) &
                                  (Actor::kSiteLines - 1)];
  if (CSAN_LIKELY(line.pc_note == pc_note && line.parent == parent)) return line.site;
  return 0;
}

constexpr u64 kLogged = 1ull << 34;

template <bool kWrite>
CSAN_ALWAYS_INLINE void Access(uptr addr, u32 size_log, const Place& place) {
  Actor* const a = Self();
  if (CSAN_UNLIKELY(a == nullptr)) return;
  u64 what = (1u << size_log) | (static_cast<u64>(kWrite) << 32);
  const Word cur = CurrentWord();
  const uptr size = static_cast<uptr>(1) << size_log;
  const uptr granule = GranuleOf(addr);
  const u64 pc_note = PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_log, addr);
  // cur is 0 before the second actor and kNoEpoch after a release: both are the slow path's.
  if (CSAN_LIKELY(cur - 1 < kTagged && a->logged_epoch == cur &&
                  a->log_cursor + 2 <= a->log_limit)) {
    StackId site = CachedSite(a, place, pc_note);
    if (CSAN_UNLIKELY(site == 0)) {
      StackId parent = StackTop(a);
      const StackEntry* top =
          reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
      // A leaf function pushes nothing: its caller's call site is found by the frame pointer.
      if (top->pc != place.caller) parent = SiteFor(a, parent, PackSite(place.caller, 0, 0));
      site = SiteFor(a, parent, pc_note);
    }
    auto log = [&] {
      if ((what & kLogged) != 0) return;
      what |= kLogged;
      *a->log_cursor = LogEntry(addr, site);
      __atomic_store_n(&a->log_cursor, a->log_cursor + 1, __ATOMIC_RELEASE);
    };
    const uptr last = GranuleOf(addr + size - 1);
    uptr g = granule;
    for (;;) {
      const u32 mask = size >= 4 && g == addr ? kFullMask : MaskIn(g, addr, addr + size);
      const bool done = kWrite ? race::WriteGranule(a, g, mask, cur, log)
                               : race::ReadGranule(a, g, mask, cur, log);
      if (CSAN_UNLIKELY(!done)) break;
      if (g == last) return;
      g += kGranule;
    }
  }
  __csan_slow_thunk(addr, what, place.pc, place.caller);
}

// The accessing function keeps a frame pointer (the pass sees to it), so two loads give its caller.
#define CSAN_PLACE()                                                              \
  const uptr* const frame = static_cast<const uptr*>(__builtin_frame_address(0)); \
  const Place place = {frame[1], reinterpret_cast<const uptr*>(frame[0])[1]}

}  // namespace
}  // namespace csan

using csan::Access;
using csan::Place;
using csan::uptr;

#define CSAN_HOOK(name, write, size_log)  \
  CSAN_COLD name(uptr addr) {             \
    CSAN_PLACE();                         \
    Access<write>(addr, size_log, place); \
  }

CSAN_HOOK(__csan_read1, false, 0)
CSAN_HOOK(__csan_read2, false, 1)
CSAN_HOOK(__csan_read4, false, 2)
CSAN_HOOK(__csan_read8, false, 3)
CSAN_HOOK(__csan_read16, false, 4)
CSAN_HOOK(__csan_write1, true, 0)
CSAN_HOOK(__csan_write2, true, 1)
CSAN_HOOK(__csan_write4, true, 2)
CSAN_HOOK(__csan_write8, true, 3)
CSAN_HOOK(__csan_write16, true, 4)

CSAN_COLD __csan_read_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  __csan_slow_thunk(addr, size, place.pc, place.caller);
}
CSAN_COLD __csan_write_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  __csan_slow_thunk(addr, size | (1ull << 32), place.pc, place.caller);
}
CSAN_COLD __csan_vptr_read(uptr addr) {
  CSAN_PLACE();
  __csan_slow_thunk(addr, 8 | (1ull << 33), place.pc, place.caller);
}
// Storing the value that is there already (a destructor chain does) races with no reader in
// practice: the vtable pointer only changes from one class to another.
CSAN_COLD __csan_vptr_update(uptr addr, uptr value) {
  CSAN_PLACE();
  if (*reinterpret_cast<const uptr*>(addr) == value) return;
  __csan_slow_thunk(addr, 8 | (1ull << 32) | (1ull << 33), place.pc, place.caller);
}
