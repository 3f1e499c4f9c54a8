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
  Word given_up[Cell::kInline];  // stamps
  u32 kept = 0;
  u32 stamps_given_up = 0;
  u8 own = mask;
  bool renewed = false;  // the actor did just this in an earlier epoch
  for (u32 i = 0; i < n; i++) {
    const CellEntry raw = cell->at[i];
    const bool ours = OfSlot(raw, mine);
    const bool conflicting = (raw.mask & mask) != 0 && Conflicting(raw.kind, kind);
    if (raw.stamped != 0 && !ours && !conflicting && n < Cell::kInline) {
      // Another's stamp is on another's cache line: not looked at without need.
      keep[kept++] = raw;
      continue;
    }
    const CellEntry e = Resolved(raw);
    u8 left = e.mask;
    if (e.word == mine && e.kind == kind) {
      own |= left;
      left = 0;
    } else if (!a->clock.Knows(e.word)) {
      if (conflicting) return false;
    } else {
      if (ours && e.kind == kind && e.mask == mask) renewed = true;
      if (Covers(kind, e.kind)) left &= static_cast<u8>(~mask);
      if (IsDead(e.word)) left = 0;
    }
    if (left != 0) {
      keep[kept] = raw;
      keep[kept++].mask = left;
    } else if (raw.stamped != 0) {
      given_up[stamps_given_up++] = raw.word;
    }
  }
  if (kept == Cell::kInline) return false;
  if (kept == 0 && own == 0xFF && !IsAtomicKind(kind) && cell->sync == 0) return false;
  log();
  CellEntry fresh = {mine, own, kind, 0};
  if (renewed && own == mask) {
    if (const Word stamp = TakeStamp(SlotOf(mine))) {
      __atomic_store_n(&StampOf(stamp)->epoch, mine, __ATOMIC_RELAXED);
      fresh = {stamp, own, kind, 1};
    }
  }
  for (u32 i = 0; i < kept; i++) StoreEntry(&cell->at[i], keep[i]);
  StoreEntry(&cell->at[kept], fresh);
  cell->n = kept + 1;
  for (u32 i = 0; i < stamps_given_up; i++) GiveStamp(given_up[i]);
  return true;
}

enum class Renewal {
  kNo,  // nothing was changed
  kDone,
  kAgain,  // recorded, but conflicts must be looked for again, with the lock
};

// Without the lock: brings the stamp of the entry that says the same of this actor's slot to the current
// epoch, and looks for conflicts afterwards. Of two that do so at once at least one sees the other;
// all else changes the count of the lock.
template <typename Log>
CSAN_ALWAYS_INLINE Renewal RenewStamp(const Actor* a, Cell* cell, uptr unit, u32 begin, u8 mask,
                                      u8 kind, Word mine, Log log) {
  const u32 n = cell->n;
  if (n > Cell::kInline) return Renewal::kNo;
  u32 own = 0;
  CellEntry e = {};
  for (; own < n; own++) {
    e = LoadEntry(&cell->at[own]);
    if (e.stamped != 0 && e.kind == kind && e.mask == mask && OfSlot(e, mine)) break;
  }
  if (own == n || !a->clock.Knows(Resolved(e).word)) return Renewal::kNo;
  if (cell->unit != unit || !cell->lock.Unchanged(begin)) return Renewal::kNo;
  log();
  __atomic_exchange_n(&StampOf(e.word)->epoch, mine, __ATOMIC_SEQ_CST);
  for (u32 i = 0; i < n; i++) {
    const CellEntry other = LoadEntry(&cell->at[i]);
    if (i != own && (other.mask & mask) != 0 && Conflicting(other.kind, kind) &&
        !a->clock.Knows(Resolved(other).word)) {
      return Renewal::kAgain;
    }
  }
  if (cell->lock.Unchanged(begin)) return Renewal::kDone;
  return cell->unit == unit ? Renewal::kAgain : Renewal::kNo;
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
  const Renewal renewal = RenewStamp(a, cell, unit, begin, mask, kind, mine, log);
  if (renewal == Renewal::kDone) return true;
  if (renewal == Renewal::kAgain) *recheck = true;
  if (!cell->lock.TryLock()) return false;
  const bool done = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED) == tag &&
                    cell->unit == unit && TouchCell(a, cell, mask, kind, mine, log);
  cell->lock.Unlock();
  return done;
}

}  // namespace csan::race
