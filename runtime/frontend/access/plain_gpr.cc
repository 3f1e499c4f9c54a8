// The hooks behind the inlined checks: plain accesses of 1 to 16 bytes.
//
// preserve_all and built without vector instructions: the program's registers stay where they are,
// so the hot path pays nothing for the call it does not make. What needs more leaves through
// __csan_slow_thunk, which saves the vector state too.
#include "abi/hooks.h"
#include "abi/layout.h"
#include "actor/actor.h"
#include "actor/recording.h"
#include "detect/race/cell_access.h"
#include "detect/race/fast.h"
#include "frontend/access/site.h"
#include "platform/x86_64/prefetch.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"

#define CSAN_COLD \
  extern "C" __attribute__((visibility("default"), preserve_all, used, noinline)) void

extern "C" __attribute__((preserve_all)) void __csan_slow_thunk(csan::uptr addr, csan::u64 what,
                                                                csan::u64 pc, csan::u64 caller_pc);

namespace csan {
namespace {

constexpr u64 kLogged = 1ull << 34;
constexpr u64 kRecheck = 1ull << 35;

// Where an access is made, to be told at most once; see detect/race/cell_access.h.
struct Where {
  Actor* a;
  uptr addr;
  uptr size;
  u64 pc_note;  // without the offset
  Place place;
  bool logged;

  u64 Exact() const { return pc_note | (addr & 3) << 60; }
  __attribute__((preserve_all)) CSAN_NOINLINE void Log() {
    if (logged) return;
    logged = true;
    if ((pc_note >> 56 & 0xF) != kSizeOther) {
      LogStep(a, addr, pc_note, place);
      return;
    }
    a->log_cursor[0] = LogEntry(addr, SiteOn(a, PathTo(a, place), Exact()));
    a->log_cursor[1] = LogMarker(Marker::kLength, size);
    __atomic_store_n(&a->log_cursor, a->log_cursor + 2, __ATOMIC_RELEASE);
  }
  CSAN_ALWAYS_INLINE StackId Site(StackId last) {
    const bool small = size <= kUnit && UnitOf(addr) == UnitOf(addr + size - 1);
    if (!small || logged || a->held_count != 0) return 0;
    const StackId path = PathTo(a, place);
    return IsNode(last, path, Exact()) ? last : SiteOn(a, path, Exact());
  }
};

// *recheck: the access may be recorded without having been checked. A cell that has been made since has
// taken the record over, and must not be content with it.
template <bool kWrite>
CSAN_ALWAYS_INLINE bool UnitAccess(Actor* a, uptr unit, uptr addr, uptr end, Word cur, Where& where,
                                   bool* recheck) {
  auto log = [&where, recheck] {
    where.Log();
    *recheck = true;
  };
  const Word first = race::LoadWord(WriteWord(unit));
  const u32 low = addr <= unit ? 0 : static_cast<u32>(addr - unit);
  const u32 high = end >= unit + kUnit ? 8 : static_cast<u32>(end - unit);
  if (CSAN_UNLIKELY(IsCell(first))) {
    if (CSAN_UNLIKELY(*recheck)) return false;
    const u8 mask = static_cast<u8>((0xFFu << low) & (0xFFu >> (8 - high)));
    return race::CellAccess(a, first, unit, mask, kWrite ? kPlainWrite : kPlainRead, cur, where,
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

// A word that lets an ordered access pass and is forgotten by it. What was written is read, also by an access
// that writes: of x += 1 only the write is checked.
template <bool kWritten>
CSAN_ALWAYS_INLINE bool Passes(Actor* a, Word w) {
  if (w == 0) return true;
  if (!IsPlain(w) || !a->clock->Knows(w)) return false;
  if (kWritten) NoteReadFrom(a, w);
  return true;
}
// The same of a word, or of two equal ones.
template <bool kWritten>
CSAN_ALWAYS_INLINE bool AllPass(Actor* a, u32 word) {
  return Passes<kWritten>(a, word);
}
template <bool kWritten>
CSAN_ALWAYS_INLINE bool AllPass(Actor* a, u64 pair) {
  const Word low = static_cast<Word>(pair);
  const Word high = static_cast<Word>(pair >> 32);
  return Passes<kWritten>(a, low) && (low == high || Passes<kWritten>(a, high));
}

enum class Quickly {
  kDone,
  kNo,             // nothing was changed
  kNoButLogged,    // the history has the access, and the shadow may
  kNoButRecorded,  // the shadow has it, but conflicts must be looked for
  kNoButBoth,
};

// For a stamp, and for nothing else.
struct WhereInStamp {
  Actor* a;
  u64 pc_note;
  const Place& place;
  CSAN_ALWAYS_INLINE StackId Site(StackId last) const {
    const StackId path = PathTo(a, place);
    return IsNode(last, path, pc_note) ? last : SiteOn(a, path, pc_note);
  }
  CSAN_ALWAYS_INLINE void Log() const {}  // the table of stacks is full
};

CSAN_ALWAYS_INLINE Quickly AsQuickly(race::Renewal renewal) {
  if (renewal == race::Renewal::kNo) return Quickly::kNo;
  return renewal == race::Renewal::kAgain ? Quickly::kNoButRecorded : Quickly::kDone;
}

// A unit with a cell: our entry is current, or is made so without a lock. With `again` only if nobody has
// changed the cell's form since we last did so.
template <bool kWrite, bool kAgain>
CSAN_ALWAYS_INLINE Quickly QuickCell(Actor* a, Word tag, uptr addr, u32 size_log,
                                     const Place& place) {
  constexpr u8 kKind = kWrite ? kPlainWrite : kPlainRead;
  const uptr unit = UnitOf(addr);
  const u8 mask = static_cast<u8>(((1u << (1u << size_log)) - 1) << (addr - unit));
  RenewalLine& line = race::RenewalLineFor(a, unit, kKind);
  const u64 key = RenewalKey(unit, kKind, mask);
  if (a->held_count != 0 || (kAgain && line.key != key)) return Quickly::kNo;
  Word cur = CurrentWord();
  if (cur == kNoEpoch) cur = NextEpoch(a);
  if (CSAN_UNLIKELY(cur == 0)) return Quickly::kNo;
  WhereInStamp where = {a, PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_log, addr),
                        place};
  constexpr auto kLooks = race::Looks::kRenewal;
  if (kAgain)
    return AsQuickly(race::RenewAgain<kLooks>(a, tag, line, key, cur & ~kFullMask, where));
  u32 begin;
  return AsQuickly(race::Renew<kLooks>(a, tag, unit, mask, kKind, cur & ~kFullMask, where, &begin));
}

// Their many registers are saved only where there is a cell.
__attribute__((preserve_all)) CSAN_NOINLINE Quickly QuickCellRead(Actor* a, Word tag, uptr addr,
                                                                  u32 size_log,
                                                                  const Place& place) {
  return QuickCell<false, false>(a, tag, addr, size_log, place);
}
__attribute__((preserve_all)) CSAN_NOINLINE Quickly QuickCellWrite(Actor* a, Word tag, uptr addr,
                                                                   u32 size_log,
                                                                   const Place& place) {
  return QuickCell<true, false>(a, tag, addr, size_log, place);
}

__attribute__((preserve_all)) CSAN_NOINLINE bool OpenQuickly(Actor* a) {
  Word cur = CurrentWord();
  if (cur == kNoEpoch) cur = NextEpoch(a);
  return cur != 0 && OpenSection(a, cur);
}

// The commonest miss by far, in few registers: a whole granule (T = u32) or unit (u64), in an open
// section, from a known place, all earlier words ordered.
template <bool kWrite, typename T>
CSAN_ALWAYS_INLINE Quickly Quick(uptr addr, u32 size_log, const Place& place) {
  Actor* const a = Accessor();
  if (CSAN_UNLIKELY((addr & (sizeof(T) - 1)) != 0 || a == nullptr)) return Quickly::kNo;
  const Word tag = race::LoadWord(WriteWord(UnitOf(addr)));
  if (CSAN_UNLIKELY(IsCell(tag))) {
    const Quickly again = QuickCell<kWrite, true>(a, tag, addr, size_log, place);
    if (CSAN_LIKELY(again != Quickly::kNo)) return again;
    return (kWrite ? QuickCellWrite : QuickCellRead)(a, tag, addr, size_log, place);
  }
  if (CSAN_UNLIKELY(a->logged_epoch != CurrentWord()) && !OpenQuickly(a)) return Quickly::kNo;
  const Word cur = CurrentWord();
  T* const mine = reinterpret_cast<T*>(kWrite ? WriteWord(addr) : ReadWord(addr));
  T* const other = reinterpret_cast<T*>(kWrite ? ReadWord(addr) : WriteWord(addr));
  // Likely on another core, all three: asked for at the same time.
  Prefetch(reinterpret_cast<const void*>(addr), kWrite);
  Prefetch(other, kWrite);
  const T now = static_cast<T>(Doubled(cur));
  if (!kWrite && __atomic_load_n(other, __ATOMIC_RELAXED) == now) return Quickly::kDone;
  Prefetch(mine, true);
  T old = __atomic_load_n(mine, __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(!AllPass<kWrite>(a, old))) return Quickly::kNo;
  // What another has written is seldom a word alone: the line after it is on that core too.
  if (SlotOf(static_cast<Word>(kWrite ? old : tag)) != a->slot) {
    constexpr uptr kLine = 64;
    Prefetch(reinterpret_cast<const char*>(mine) + kLine, true);
    Prefetch(reinterpret_cast<const char*>(other) + kLine, kWrite);
    Prefetch(reinterpret_cast<const void*>(addr + kLine), kWrite);
  }
  if (old == 0 && CSAN_UNLIKELY(!IsResident(addr, kWrite))) return Quickly::kNo;

  const u64 pc_note = PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_log);
  u64* const at = a->log_cursor;
  if (CSAN_UNLIKELY(at + 2 > a->log_limit)) return Quickly::kNo;
  const StackId path = PathTo(a, place);
  RunLine& line = RunLineFor(a, place.pc);
  const u32 stride = static_cast<u32>(addr - line.addr);
  if (line.stride == stride && stride != 0 && line.pc_note == pc_note) {
    // A step of a run that is under way makes it longer; what begins one is the general path's.
    if (line.marker == nullptr || line.parent != path || line.section != a->log_section ||
        line.chunk != a->log_chunk) {
      return Quickly::kNo;
    }
    const u64 count = (*line.marker >> (kStackIdBits + kRunStrideBits) & kRunCountMax) + 1;
    if (CSAN_UNLIKELY(count > kRunCountMax)) return Quickly::kNo;
    line.addr = addr;
    __atomic_store_n(line.marker, LogMarker(Marker::kRun, RunPayload(count, stride)),
                     __ATOMIC_RELEASE);
  } else {
    const StackId site = SiteAgain(a, line, path, pc_note);
    line.pc_note = pc_note;
    line.parent = path;
    line.site = site;
    line.stride = stride;
    line.addr = addr;
    line.marker = nullptr;
    line.section = a->log_section;
    line.chunk = a->log_chunk;
    *at = LogEntry(addr, site);
    __atomic_store_n(&a->log_cursor, at + 1, __ATOMIC_RELEASE);
  }

  if (CSAN_UNLIKELY(!__atomic_compare_exchange_n(mine, &old, now, false, __ATOMIC_SEQ_CST,
                                                 __ATOMIC_SEQ_CST))) {
    return Quickly::kNoButLogged;
  }
  const T theirs = __atomic_load_n(other, __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(!AllPass<!kWrite>(a, theirs))) return Quickly::kNoButLogged;
  if (kWrite && theirs != 0) __atomic_store_n(other, now, __ATOMIC_RELAXED);
  return Quickly::kDone;
}

// What the general path is told.
CSAN_ALWAYS_INLINE u64 FlagsFor(Quickly quickly) {
  switch (quickly) {
    case Quickly::kNoButLogged:
      return kLogged;
    case Quickly::kNoButRecorded:
      return kRecheck;
    case Quickly::kNoButBoth:
      return kLogged | kRecheck;
    default:
      return 0;
  }
}

__attribute__((preserve_all)) CSAN_NOINLINE void LogSpan(Actor* a, uptr addr, u64 pc_note,
                                                         const Place& place) {
  LogStep(a, addr, pc_note, place);
}

// An access of any form to words that list accesses: one that spans granules, or less than one. Most repeat
// what is recorded but for a byte or two.
template <bool kWrite>
CSAN_ALWAYS_INLINE Quickly QuickSpan(uptr addr, uptr size, u32 size_code, const Place& place) {
  Actor* const a = Accessor();
  if (CSAN_UNLIKELY(a == nullptr)) return Quickly::kDone;
  Word cur = CurrentWord();
  const uptr end = addr + size;
  uptr g = GranuleOf(addr);
  u32 mask = MaskIn(g, addr, end);
  // Passes over what the epoch has done already.
  for (;;) {
    const Word word = race::LoadWord(kWrite ? WriteWord(g) : ReadWord(g));
    if (!WrittenIn(cur, word, mask)) break;
    g += kGranule;
    if (g >= end) return Quickly::kDone;
    mask = MaskIn(g, addr, end);
  }
  // As in Quick: asked for at the same time. Ours is here, but others may have a copy.
  Prefetch(kWrite ? WriteWord(g) : ReadWord(g), true);
  Prefetch(kWrite ? ReadWord(g) : WriteWord(g), kWrite);
  Prefetch(reinterpret_cast<const void*>(g), kWrite);
  if (CSAN_UNLIKELY(a->logged_epoch != cur)) {
    if (!OpenQuickly(a)) return Quickly::kNo;
    cur = CurrentWord();
  }
  if (CSAN_UNLIKELY(a->log_cursor + 2 > a->log_limit || size_code == kSizeOther ||
                    !IsResident(addr, kWrite))) {
    return Quickly::kNo;
  }
  bool logged = false;
  bool recorded;
  auto log = [&] {
    if (!logged)
      LogSpan(a, addr, PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_code), place);
    logged = recorded = true;
  };
  do {
    recorded = false;
    bool done = false;
    if (CSAN_LIKELY(!IsCell(race::LoadWord(WriteWord(UnitOf(g)))))) {
      if ((g & (2 * kUnit - 1)) == 0 && g + 2 * kUnit <= end &&
          !IsCell(race::LoadWord(WriteWord(g + kUnit))) &&
          race::RecordTwo<kWrite>(a, g, cur, log)) {
        done = kWrite ? race::WriteChecked(a, g, cur) && race::WriteChecked(a, g + kUnit, cur)
                      : race::ReadChecked(a, g) && race::ReadChecked(a, g + kUnit);
        g += kUnit + kGranule;
      } else if (mask == kFullMask && (g & kGranule) == 0 && g + kUnit <= end) {
        done = kWrite ? race::WritePair(a, g, cur, log) : race::ReadPair(a, g, cur, log);
        g += kGranule;
      } else {
        done = kWrite ? race::WriteGranule(a, g, mask, cur, log)
                      : race::ReadGranule(a, g, mask, cur, log);
      }
    }
    if (CSAN_UNLIKELY(!done)) {
      if (recorded) return Quickly::kNoButBoth;
      return logged ? Quickly::kNoButLogged : Quickly::kNo;
    }
    g += kGranule;
    mask = MaskIn(g, addr, end);
  } while (g < end);
  return Quickly::kDone;
}

template <bool kWrite>
CSAN_ALWAYS_INLINE void Access(uptr addr, uptr size, u32 size_code, u64 flags, const Place& place) {
  Actor* const a = Accessor();
  if (CSAN_UNLIKELY(a == nullptr)) return;
  Prefetch(reinterpret_cast<const void*>(addr), kWrite);
  Prefetch(kWrite ? ReadWord(GranuleOf(addr)) : WriteWord(GranuleOf(addr)), kWrite);
  u64 what = size | (static_cast<u64>(kWrite) << 32) | flags;
  if ((flags & kLogged) != 0) what |= kRecheck;
  Word cur = CurrentWord();
  if (cur == kNoEpoch) cur = NextEpoch(a);
  // cur is 0 before the second actor.
  if (CSAN_LIKELY(cur != 0 && (flags & kRecheck) == 0 && !WantsResidency(addr, kWrite, cur) &&
                  OpenSection(a, cur))) {
    Where where = {a,     addr,
                   size,  PackSite(place.pc, kWrite ? kNoteWrite : kNoteNone, size_code),
                   place, (flags & kLogged) != 0};
    const uptr end = addr + size;
    uptr unit = UnitOf(addr);
    bool recheck = where.logged;
    while (CSAN_LIKELY(UnitAccess<kWrite>(a, unit, addr, end, cur, where, &recheck))) {
      unit += kUnit;
      if (CSAN_LIKELY(unit >= end)) return;
      recheck = false;
    }
    if (where.logged) what |= kLogged;
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

// The rest of what the quick forms could not finish; its many registers are saved only here.
template <bool kWrite>
__attribute__((preserve_all)) CSAN_NOINLINE void Rest(uptr addr, uptr size, csan::u64 flags,
                                                      const Place& place) {
  Access<kWrite>(addr, size, csan::SizeCode(size), flags, place);
}
template <bool kWrite>
__attribute__((preserve_all)) CSAN_NOINLINE void Span(uptr addr, uptr size, const Place& place) {
  const csan::Quickly quickly = csan::QuickSpan<kWrite>(addr, size, csan::SizeCode(size), place);
  if (CSAN_LIKELY(quickly == csan::Quickly::kDone)) return;
  Rest<kWrite>(addr, size, csan::FlagsFor(quickly), place);
}

#define CSAN_HOOK(name, write, size) \
  CSAN_COLD name(uptr addr) {        \
    CSAN_PLACE();                    \
    Span<write>(addr, size, place);  \
  }

#define CSAN_QUICK_HOOK(name, write, size_log, T)                                  \
  CSAN_COLD name(uptr addr) {                                                      \
    CSAN_PLACE();                                                                  \
    if ((addr & (sizeof(T) - 1)) != 0) return Span<write>(addr, sizeof(T), place); \
    const csan::Quickly quickly = csan::Quick<write, T>(addr, size_log, place);    \
    if (CSAN_LIKELY(quickly == csan::Quickly::kDone)) return;                      \
    Rest<write>(addr, sizeof(T), csan::FlagsFor(quickly), place);                  \
  }

CSAN_HOOK(__csan_read1, false, 1)
CSAN_HOOK(__csan_read2, false, 2)
CSAN_QUICK_HOOK(__csan_read4, false, 2, csan::u32)
CSAN_QUICK_HOOK(__csan_read8, false, 3, csan::u64)
CSAN_HOOK(__csan_read16, false, 16)
CSAN_HOOK(__csan_write1, true, 1)
CSAN_HOOK(__csan_write2, true, 2)
CSAN_QUICK_HOOK(__csan_write4, true, 2, csan::u32)
CSAN_QUICK_HOOK(__csan_write8, true, 3, csan::u64)
CSAN_HOOK(__csan_write16, true, 16)

CSAN_COLD __csan_read_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  Span<false>(addr, size, place);
}
CSAN_COLD __csan_write_n(uptr addr, csan::u64 size) {
  CSAN_PLACE();
  Span<true>(addr, size, place);
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
