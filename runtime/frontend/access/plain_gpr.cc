// The hooks behind the inlined checks: plain accesses of 1 to 16 bytes.
//
// preserve_all and built without vector instructions: the program's registers stay where they are,
// so the hot path pays nothing for the call it does not make. What needs more leaves through
// __csan_slow_thunk, which saves the vector state too.
#include "abi/layout.h"
#include "actor/actor.h"
#include "actor/recording.h"
#include "detect/race/cell_access.h"
#include "detect/race/fast.h"
#include "detect/race/residency.h"
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
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  if (CSAN_UNLIKELY(top->pc != place.caller || top->node == 0)) return 0;
  const StackId parent = static_cast<StackId>(top->node);
  const SiteLine& line = SiteLineFor(a, parent, pc_note);
  if (CSAN_LIKELY(line.pc_note == pc_note && line.parent == parent)) return line.site;
  return 0;
}

// Called with the program's registers live: whatever it calls may use them, so it saves them.
__attribute__((preserve_all)) CSAN_NOINLINE StackId InternSite(Actor* a, const Place& place,
                                                               u64 pc_note) {
  StackId parent = StackTop(a);
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  // A leaf function pushes nothing: its caller's call site is found by the frame pointer.
  if (top->pc != place.caller) parent = SiteFor(a, parent, PackSite(place.caller, 0, 0));
  return SiteFor(a, parent, pc_note);
}

CSAN_ALWAYS_INLINE RunLine& RunLineFor(Actor* a, uptr pc) {
  return a->runs[(pc ^ (pc >> 4)) & (Actor::kRunLines - 1)];
}

// Logs an access, or makes the run that it continues one longer.
CSAN_ALWAYS_INLINE void LogStep(Actor* a, uptr addr, u64 pc_note, const Place& place) {
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  const StackId parent = static_cast<StackId>(top->node);
  RunLine& line = RunLineFor(a, place.pc);
  const uptr stride = addr - line.addr;
  bool run = false;
  if (line.pc_note == pc_note && line.parent == parent && line.section == a->log_section &&
      top->pc == place.caller && stride - 1 < (1u << kRunStrideBits) - 1) {
    run = line.stride == stride;
    if (run && line.marker != nullptr) {
      const u64 count = (*line.marker >> (kStackIdBits + kRunStrideBits) & kRunCountMax) + 1;
      if (CSAN_LIKELY(count <= kRunCountMax)) {
        line.addr = addr;
        __atomic_store_n(line.marker, LogMarker(Marker::kRun, RunPayload(count, stride)),
                         __ATOMIC_RELEASE);
        return;
      }
    }
  }
  const u64 exact = pc_note | (addr & 3) << 60;
  StackId site = CachedSite(a, place, exact);
  if (CSAN_UNLIKELY(site == 0)) site = InternSite(a, place, exact);
  u64* at = a->log_cursor;
  *at++ = LogEntry(addr, site);
  line = {pc_note,       static_cast<StackId>(top->node), static_cast<u32>(stride), addr, nullptr,
          a->log_section};
  if (run) {
    line.marker = at;
    *at++ = LogMarker(Marker::kRun, RunPayload(1, stride));
  }
  __atomic_store_n(&a->log_cursor, at, __ATOMIC_RELEASE);
}

constexpr u64 kLogged = 1ull << 34;
constexpr u64 kRecheck = 1ull << 35;

template <bool kWrite, typename Log>
CSAN_ALWAYS_INLINE bool UnitAccess(Actor* a, uptr unit, uptr addr, uptr end, Word cur, Log log,
                                   bool* recheck) {
  const Word first = race::LoadWord(WriteWord(unit));
  const u32 low = addr <= unit ? 0 : static_cast<u32>(addr - unit);
  const u32 high = end >= unit + kUnit ? 8 : static_cast<u32>(end - unit);
  if (CSAN_UNLIKELY(IsCell(first))) {
    const u8 mask = static_cast<u8>((0xFFu << low) & (0xFFu >> (8 - high)));
    return race::CellAccess(a, first, unit, mask, kWrite ? kPlainWrite : kPlainRead, cur, log,
                            recheck);
  }
  if (low == 0 && high == 8) {
    return kWrite ? race::WritePair(a, unit, cur, log) : race::ReadPair(a, unit, cur, log);
  }
  const uptr last = unit + ((high - 1) & 4u);
  for (uptr g = unit + (low & 4u); g <= last; g += kGranule) {
    const u32 mask = MaskIn(g, addr, end);
    const bool done =
        kWrite ? race::WriteGranule(a, g, mask, cur, log) : race::ReadGranule(a, g, mask, cur, log);
    if (!done) return false;
  }
  return true;
}

// A word that lets an ordered access pass and is forgotten by it.
CSAN_ALWAYS_INLINE bool Passes(const Actor* a, Word w) {
  return w == 0 || (IsPlain(w) && a->clock.Knows(w));
}
// The same of a word, or of two equal ones.
CSAN_ALWAYS_INLINE bool AllPass(const Actor* a, u32 word) { return Passes(a, word); }
CSAN_ALWAYS_INLINE bool AllPass(const Actor* a, u64 pair) {
  const Word low = static_cast<Word>(pair);
  const Word high = static_cast<Word>(pair >> 32);
  return Passes(a, low) && (low == high || Passes(a, high));
}

enum class Quickly { kDone, kNo, kNoButLogged };

// The commonest miss by far, in few registers: a whole granule (T = u32) or unit (u64), in an open
// section, from a known place, all earlier words ordered.
template <bool kWrite, typename T>
CSAN_ALWAYS_INLINE Quickly Quick(uptr addr, u32 size_log, const Place& place) {
  Actor* const a = Self();
  const Word cur = CurrentWord();
  if (CSAN_UNLIKELY((addr & (sizeof(T) - 1)) != 0 || a == nullptr || a->logged_epoch != cur)) {
    return Quickly::kNo;
  }
  T* const mine = reinterpret_cast<T*>(kWrite ? WriteWord(addr) : ReadWord(addr));
  T* const other = reinterpret_cast<T*>(kWrite ? ReadWord(addr) : WriteWord(addr));
  T old = __atomic_load_n(mine, __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(!AllPass(a, old))) return Quickly::kNo;
  if (kWrite && old == 0 && CSAN_UNLIKELY(!race::IsResident(addr))) return Quickly::kNo;

  const u64 pc_note = PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_log);
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  const StackId parent = static_cast<StackId>(top->node);
  const SiteLine& site = SiteLineFor(a, parent, pc_note);
  u64* const at = a->log_cursor;
  if (CSAN_UNLIKELY(top->pc != place.caller || site.pc_note != pc_note || site.parent != parent ||
                    at + 2 > a->log_limit)) {
    return Quickly::kNo;
  }
  RunLine& line = RunLineFor(a, place.pc);
  const u32 stride = static_cast<u32>(addr - line.addr);
  if (line.stride == stride && stride != 0 && line.pc_note == pc_note) {
    // A step of a run that is under way makes it longer; what begins one is the general path's.
    if (line.marker == nullptr || line.parent != parent || line.section != a->log_section) {
      return Quickly::kNo;
    }
    const u64 count = (*line.marker >> (kStackIdBits + kRunStrideBits) & kRunCountMax) + 1;
    if (CSAN_UNLIKELY(count > kRunCountMax)) return Quickly::kNo;
    line.addr = addr;
    __atomic_store_n(line.marker, LogMarker(Marker::kRun, RunPayload(count, stride)),
                     __ATOMIC_RELEASE);
  } else {
    line.pc_note = pc_note;
    line.parent = parent;
    line.stride = stride;
    line.addr = addr;
    line.marker = nullptr;
    line.section = a->log_section;
    *at = LogEntry(addr, site.site);
    __atomic_store_n(&a->log_cursor, at + 1, __ATOMIC_RELEASE);
  }

  const T now = static_cast<T>(Doubled(cur));
  if (CSAN_UNLIKELY(!__atomic_compare_exchange_n(mine, &old, now, false, __ATOMIC_SEQ_CST,
                                                 __ATOMIC_SEQ_CST))) {
    return Quickly::kNoButLogged;
  }
  if (CSAN_UNLIKELY(!AllPass(a, __atomic_load_n(other, __ATOMIC_RELAXED)))) {
    return Quickly::kNoButLogged;
  }
  if (kWrite) __atomic_store_n(other, now, __ATOMIC_RELAXED);
  return Quickly::kDone;
}

template <bool kWrite>
CSAN_ALWAYS_INLINE void Access(uptr addr, uptr size, u32 size_log, u64 flags, const Place& place) {
  Actor* const a = Self();
  if (CSAN_UNLIKELY(a == nullptr)) return;
  u64 what = size | (static_cast<u64>(kWrite) << 32) | flags;
  Word cur = CurrentWord();
  if (cur == kNoEpoch) cur = NextEpoch(a);
  // cur is 0 before the second actor.
  const bool fresh = kWrite && race::LoadWord(WriteWord(GranuleOf(addr))) == 0;
  if (CSAN_LIKELY(cur != 0 && !(fresh && !race::IsResident(addr)) && OpenSection(a, cur))) {
    auto log = [&]() __attribute__((preserve_all, noinline)) {
      if ((what & kLogged) != 0) return;
      what |= kLogged;
      const u64 pc_note = PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_log);
      if (size_log != kSizeLogRange) {
        LogStep(a, addr, pc_note, place);
      } else {
        const u64 exact = pc_note | (addr & 3) << 60;
        StackId site = CachedSite(a, place, exact);
        if (CSAN_UNLIKELY(site == 0)) site = InternSite(a, place, exact);
        a->log_cursor[0] = LogEntry(addr, site);
        a->log_cursor[1] = LogMarker(Marker::kLength, size);
        __atomic_store_n(&a->log_cursor, a->log_cursor + 2, __ATOMIC_RELEASE);
      }
    };
    const uptr end = addr + size;
    uptr unit = UnitOf(addr);
    bool recheck = false;
    while (CSAN_LIKELY(UnitAccess<kWrite>(a, unit, addr, end, cur, log, &recheck))) {
      unit += kUnit;
      if (CSAN_LIKELY(unit >= end)) return;
    }
    if (CSAN_UNLIKELY(recheck)) what |= kRecheck;
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

#define CSAN_HOOK(name, write, size_log)                      \
  CSAN_COLD name(uptr addr) {                                 \
    CSAN_PLACE();                                             \
    Access<write>(addr, 1ul << size_log, size_log, 0, place); \
  }

// The rest of a hook that Quick could not finish; its many registers are saved only here.
#define CSAN_QUICK_HOOK(name, write, size_log, T)                                                  \
  extern "C" __attribute__((visibility("hidden"), preserve_all, used, noinline)) void name##_rest( \
      uptr addr, csan::u64 flags, uptr pc, uptr caller) {                                          \
    Access<write>(addr, 1ul << size_log, size_log, flags, {pc, caller});                           \
  }                                                                                                \
  CSAN_COLD name(uptr addr) {                                                                      \
    CSAN_PLACE();                                                                                  \
    const csan::Quickly quickly = csan::Quick<write, T>(addr, size_log, place);                    \
    if (CSAN_LIKELY(quickly == csan::Quickly::kDone)) return;                                      \
    name##_rest(addr, quickly == csan::Quickly::kNo ? 0 : csan::kLogged, place.pc, place.caller);  \
  }

CSAN_HOOK(__csan_read1, false, 0)
CSAN_HOOK(__csan_read2, false, 1)
CSAN_QUICK_HOOK(__csan_read4, false, 2, csan::u32)
CSAN_QUICK_HOOK(__csan_read8, false, 3, csan::u64)
CSAN_HOOK(__csan_read16, false, 4)
CSAN_HOOK(__csan_write1, true, 0)
CSAN_HOOK(__csan_write2, true, 1)
CSAN_QUICK_HOOK(__csan_write4, true, 2, csan::u32)
CSAN_QUICK_HOOK(__csan_write8, true, 3, csan::u64)
CSAN_HOOK(__csan_write16, true, 4)

CSAN_COLD __csan_read_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  Access<false>(addr, size, csan::kSizeLogRange, 0, place);
}
CSAN_COLD __csan_write_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  Access<true>(addr, size, csan::kSizeLogRange, 0, place);
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
