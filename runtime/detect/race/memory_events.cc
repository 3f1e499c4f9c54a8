// Memory that changes hands: blocks of the heap and mapped ranges.
//
// A free is a write to every byte: unordered earlier accesses race with it. Afterwards the write
// plane says kFreed, which no inlined check accepts, the read plane nothing, and the block keeps the epoch
// of the free. An access that finds this is a race with the free if the free is not ordered before it,
// else a use after free. The words stay until the heap hands the block out again.
#include "detect/race/memory_events.h"

#include "actor/recording.h"
#include "detect/race/benign.h"
#include "detect/race/conflict.h"
#include "detect/race/fast.h"
#include "detect/race/planes.h"
#include "detect/race/slow.h"
#include "platform/platform.h"
#include "shadow/cell.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"
#include "sync/sweep.h"
#include "sync/sync_var.h"

namespace csan {
namespace {

void DropCells(uptr addr, uptr size, Word write, Word read) {
  for (uptr unit = UnitOf(addr); unit < addr + size; unit += kUnit) {
    if (!IsCell(race::LoadWord(WriteWord(unit)))) continue;
    if (Cell* cell = LockCell(unit, false)) {
      FreeSyncs(cell);
      DropCell(cell, write, read);
    }
  }
}

// What the free of [addr, end) races with; its cells are gone then.
void CheckFreed(Actor* a, uptr addr, uptr end, Word cur, race::Conflict* conflict) {
  for (uptr g = addr; g < end; g += kGranule) {
    const Word w = race::LoadWord(WriteWord(g));
    const Word r = race::LoadWord(ReadWord(g));
    if (CSAN_LIKELY((w == 0 || w == a->known_write) && (r == 0 || r == w))) continue;
    if (IsPlain(w) && IsPlain(r) && a->clock->Knows(w) && a->clock->Knows(r)) {
      if (MaskOf(w) == kFullMask) a->known_write = w;
      continue;
    }
    if (w == kFreed) continue;
    const Word unit_word = race::LoadWord(WriteWord(UnitOf(g)));
    if (IsCell(unit_word)) {
      if (Cell* cell = LockCell(UnitOf(g), false)) {
        CellList list;
        LoadCell(cell, &list);
        race::CheckCell(a, &list, 0xFF, kPlainWrite, 0, cell->unit, conflict);
        FreeSyncs(cell);
        DropCell(cell, 0, 0);
      }
      continue;
    }
    race::SlowGranule(a, g, kFullMask, true, cur == 0 ? 0 : kNoEpoch, nullptr, conflict);
  }
}

}  // namespace

void ForgetRange(uptr addr, uptr size) {
  if (size == 0 || !HasShadow(addr) || !HasShadow(addr + size - 1)) return;
  const uptr lo = GranuleOf(addr);
  const uptr count = (addr + size - lo + kGranule - 1) / kGranule;
  // In large ranges cells are not looked for.
  if (size <= race::kReleaseMin) DropCells(lo, addr + size - lo, 0, 0);
  race::ClearPlanes(lo, count * kGranule, false);
  if (size > race::kReleaseMin) SweepCellsIfMany();
}

void OnHeapAlloc(uptr addr, uptr usable) {
  // A block that was never used has an untouched shadow; writing it would only cost memory.
  if (race::LoadWord(WriteWord(addr)) == 0 && race::LoadWord(ReadWord(addr)) == 0) return;
  race::ClearPlanes(addr, usable, true);
}

void OnHeapFree(uptr addr, uptr usable, uptr pc, u32* mark) {
  Actor* a = Self();
  if (a == nullptr) return;
  if (CSAN_UNLIKELY(benign_declared)) ForgetBenign(addr, usable);
  if (CSAN_UNLIKELY(Accessor() == nullptr)) {
    ForgetRange(addr, usable);
    *mark = 0;
    return;
  }
  const Word cur = RecordingEpoch(a);
  race::Conflict conflict;
  const uptr end = addr + usable;
  for (uptr at = addr, part_end = end; at < end; at = part_end) {
    bool recorded = true;
    if (usable >= race::kViewsMin) part_end = race::EndOfPart(at, end, &recorded);
    if (recorded) CheckFreed(a, at, part_end, cur, &conflict);
  }
  *mark = cur == kNoEpoch ? 0 : cur & ~kFullMask;
  race::ShowFreed(WriteWord(addr), addr, usable);
  if (cur != 0) {
    race::ClearReads(addr, usable);
  } else {
    // To the only actor an empty word is current.
    race::ShowFreed(ReadWord(addr), addr, usable);
  }
  if (conflict.kind == race::Conflict::Kind::kNone) return;
  race::CountRace();
  const StackId site =
      SiteFor(a, StackTop(a), PackSite(pc, kNoteWrite | kNoteFree | kNoteRange, kSizeOther));
  race::ReportConflict(a, {addr, usable, true, false, false, true, site}, conflict);
}

void OnGrowth(uptr addr, uptr size) {
  if (!multi_actor) return;
  constexpr uptr kPage = 4096;
  const uptr plane = reinterpret_cast<uptr>(WriteWord(addr));
  const uptr lo = plane & ~(kPage - 1);
  PopulatePages(lo, (plane + size - lo + kPage - 1) & ~(kPage - 1));
}

void OnHeapLeaveQuarantine(uptr addr, uptr usable) {
  if (usable < race::kReleaseMin) return;
  race::ClearPlanes(addr, usable, true);
}

u32 CurrentStack(uptr pc) {
  Actor* a = Self();
  return a == nullptr ? 0 : SiteAt(a, pc);
}

u32 CurrentActorId() {
  Actor* a = Self();
  return a == nullptr ? 0 : a->id;
}

}  // namespace csan
