// An access to a unit that has a cell: the common case, in place. Integer code.
//
// Cost: nothing is locked if the epoch has recorded the access already, else one locked exchange and
// a scan of at most five entries.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"

namespace csan::race {

// What conflicts with an ordered earlier access conflicts with a later one too, if that is at least as
// strong: writes cover reads, plain covers atomic.
constexpr bool Covers(u8 later, u8 earlier) {
  return (IsWriteKind(later) || !IsWriteKind(earlier)) &&
         (!IsAtomicKind(later) || IsAtomicKind(earlier));
}

// Records an access in a locked cell, calling log() before it shows. False, with nothing changed, if
// there is a conflict, the list is long, or plain words would say the same as the cell.
template <typename Log>
CSAN_ALWAYS_INLINE bool TouchCell(const Actor* a, Cell* cell, u8 mask, u8 kind, Word mine,
                                  Log log) {
  const u32 n = cell->n;
  if (n > Cell::kInline) return false;
  CellEntry keep[Cell::kInline];
  u32 kept = 0;
  u8 own = mask;
  for (u32 i = 0; i < n; i++) {
    CellEntry e = LoadEntry(&cell->at[i]);
    if (e.word == mine && e.kind == kind) {
      own |= e.mask;
      continue;
    }
    if (!a->clock.Knows(e.word)) {
      if ((e.mask & mask) != 0 && Conflicting(e.kind, kind)) return false;
    } else {
      if (Covers(kind, e.kind)) e.mask &= static_cast<u8>(~mask);
      if (e.mask == 0 || IsDead(e.word)) continue;
    }
    keep[kept++] = e;
  }
  if (kept == Cell::kInline) return false;
  if (kept == 0 && own == 0xFF && !IsAtomicKind(kind) && cell->sync == 0) return false;
  log();
  for (u32 i = 0; i < kept; i++) StoreEntry(&cell->at[i], keep[i]);
  StoreEntry(&cell->at[kept], {mine, own, kind, 0});
  cell->n = kept + 1;
  return true;
}

enum class Renewal {
  kNo,     // nothing was changed
  kDone,
  kAgain,  // recorded, but somebody held the lock meanwhile: conflicts must be looked for again
};

// Without the lock: puts the current epoch in place of an earlier one in the entry that says the same of
// this actor. Data that two actors read all the time would otherwise make them wait for each other.
// Whoever could conflict takes the lock, which changes its count: writers always, and plain readers
// of a unit that has atomic entries only.
template <typename Log>
CSAN_ALWAYS_INLINE Renewal RenewEntry(const Actor* a, Cell* cell, uptr unit, u32 begin, u8 mask,
                                      u8 kind, Word mine, Log log) {
  const u32 n = cell->n;
  if (kind == kPlainWrite || n > Cell::kInline) return Renewal::kNo;
  CellEntry old = {};
  u32 own = Cell::kInline;
  for (u32 i = 0; i < n; i++) {
    const CellEntry e = LoadEntry(&cell->at[i]);
    if (kind == kAtomicWrite && !IsAtomicKind(e.kind)) return Renewal::kNo;
    if (SlotOf(e.word ^ mine) == 0 && e.kind == kind && (e.mask & ~mask) == 0 &&
        a->clock.Knows(e.word)) {
      own = i;
      old = e;
    } else if ((e.mask & mask) != 0 && Conflicting(e.kind, kind) && !a->clock.Knows(e.word)) {
      return Renewal::kNo;
    }
  }
  if (own == Cell::kInline || cell->unit != unit || !cell->lock.Unchanged(begin)) {
    return Renewal::kNo;
  }
  log();
  const CellEntry fresh = {mine, mask, kind, 0};
  if (!SwapEntry(&cell->at[own], old, fresh)) return Renewal::kNo;
  if (cell->lock.Unchanged(begin)) return Renewal::kDone;
  // The cell may have become another unit's between our two looks.
  if (cell->unit != unit) {
    SwapEntry(&cell->at[own], fresh, old);
    return Renewal::kNo;
  }
  return Renewal::kAgain;
}

// The same for the cell that `tag`, read from the unit's first write word, names. False if the slow
// path must do it; `*recheck` is then set if it may not rely on what is recorded.
template <typename Log>
CSAN_ALWAYS_INLINE bool CellAccess(const Actor* a, Word tag, uptr unit, u8 mask, u8 kind, Word cur,
                                   Log log, bool* recheck) {
  Cell* const cell = &cells[CellIndex(tag)];
  const Word mine = cur & ~kFullMask;
  const u32 begin = cell->lock.Begin();
  if (cell->unit == unit && Recorded(cell, mine, mask, kind) && cell->lock.Unchanged(begin)) {
    return true;
  }
  const Renewal renewal = RenewEntry(a, cell, unit, begin, mask, kind, mine, log);
  if (renewal == Renewal::kDone) return true;
  if (renewal == Renewal::kAgain) *recheck = true;
  if (!cell->lock.TryLock()) return false;
  const bool done = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED) == tag &&
                    cell->unit == unit && TouchCell(a, cell, mask, kind, mine, log);
  cell->lock.Unlock();
  return done;
}

}  // namespace csan::race
