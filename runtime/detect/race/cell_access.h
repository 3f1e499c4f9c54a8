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

// Where an access was made, in the stack table, for a stamp to keep; 0 once it is in the history, which
// is asked to keep what a stamp cannot: locks held, and accesses of more than one unit.
//
//   struct Where {
//     StackId Site(StackId last);  // `last` is the stamp's present one, often the same
//     void Log();
//   };
template <typename Where>
CSAN_ALWAYS_INLINE StackId SiteOrLog(Where& where, StackId last) {
  const StackId site = where.Site(last);
  if (site == 0) where.Log();
  return site;
}

// Records an access in a locked cell. False, with nothing changed, if there is a conflict, the list is
// long, or plain words would say the same as the cell.
template <typename Where>
CSAN_ALWAYS_INLINE bool TouchCell(Actor* a, Cell* cell, u8 mask, u8 kind, Word mine, Where& where) {
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
    const Word epoch = EpochIn(raw);
    u8 left = raw.mask;
    if (epoch == mine && raw.kind == kind && raw.stamped == 0) {
      own |= left;
      left = 0;
    } else if (!a->clock->Knows(epoch)) {
      if (conflicting) return false;
    } else {
      if (ours && raw.kind == kind && raw.mask == mask) renewed = true;
      if ((raw.mask & mask) != 0 && IsWriteKind(raw.kind)) NoteReadFrom(a, epoch);
      if (Covers(kind, raw.kind)) left &= static_cast<u8>(~mask);
      if (IsDead(epoch)) left = 0;
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
  CellEntry fresh = {mine, own, kind, 0};
  const Word stamp = renewed && own == mask ? TakeStamp(SlotOf(mine)) : 0;
  if (stamp != 0) {
    SetStamp(StampOf(stamp), mine, SiteOrLog(where, 0));
    fresh = {stamp, own, kind, 1};
  } else {
    where.Log();
  }
  for (u32 i = 0; i < kept; i++) StoreEntry(&cell->at[i], keep[i]);
  StoreEntry(&cell->at[kept], fresh);
  cell->n = kept + 1;
  for (u32 i = 0; i < stamps_given_up; i++) GiveStamp(given_up[i]);
  return true;
}

enum class Renewal {
  kNo,        // nothing was changed
  kRecorded,  // the epoch had done the same before
  kDone,
  kAgain,  // recorded, but conflicts must be looked for again, with the lock
};

CSAN_ALWAYS_INLINE RenewalLine& RenewalLineFor(Actor* a, uptr unit, u8 kind) {
  return a->desk->renewals[(unit >> 3 ^ unit >> 10 ^ kind) & (Desk::kRenewalLines - 1)];
}

// Who looks for conflicts after a renewal, and has waited until the stamp can be seen.
enum class Looks {
  kRenewal,
  kCaller,  // it has an exchange of its own to make: then it asks whether the lock's count is still `*begin`
};

// Most renewals repeat one made before, of a cell that has not been locked since and in which nothing can
// conflict: a line of the actor says so, and a few loads and one locked exchange are all.
template <Looks kLooks, typename Where>
CSAN_ALWAYS_INLINE Renewal RenewAgain(Actor* a, Word tag, RenewalLine& line, u64 key, Word mine,
                                      Where& where) {
  const Cell* const cell = &cells[CellIndex(tag)];
  if (CSAN_UNLIKELY(line.key != key || line.attach != a->attach ||
                    // A mapping may end, or a process be forked, without a word to its cells.
                    line.cell != CellIndex(tag) || !cell->lock.Unchanged(line.begin))) {
    return Renewal::kNo;
  }
  if (line.epoch == mine) return Renewal::kRecorded;
  line.site = SiteOrLog(where, line.site);
  line.epoch = mine;
  // As long as the count is the same the stamp is the entry's; if it is given back now, only we, later,
  // can take it again.
  if (kLooks == Looks::kCaller) {
    StoreStamp(StampOf(line.stamp), mine, line.site);
    return Renewal::kDone;
  }
  SetStamp(StampOf(line.stamp), mine, line.site);
  return cell->lock.Unchanged(line.begin) ? Renewal::kDone : Renewal::kAgain;
}

// The kinds that conflict with each, a bit for each.
constexpr u32 KindsAgainst(u8 kind) {
  u32 kinds = 0;
  for (u8 other = 0; other < 4; other++) kinds |= (Conflicting(kind, other) ? 1u : 0u) << other;
  return kinds;
}
inline constexpr u32 kKindsAgainst[] = {KindsAgainst(0), KindsAgainst(1), KindsAgainst(2),
                                        KindsAgainst(3)};

// The commonest cell: an entry with a stamp that says the same of this actor's slot, and no other kind of
// access that could conflict, by anybody. One without a stamp if it is not so.
CSAN_ALWAYS_INLINE CellEntry OwnAlone(const Cell* cell, u32 n, u8 mask, u8 kind, Word mine) {
  constexpr u64 kButEpoch = ~0ull << kSlotShift;  // of an entry with its word lowest
  const u64 wanted = static_cast<u64>(SlotOf(mine)) << kSlotShift | static_cast<u64>(mask) << 32 |
                     static_cast<u64>(kind) << 40 | 1ull << 48;
  u64 own = 0;
  u32 kinds = 0;
  for (u32 i = 0; i < n; i++) {
    const u64 raw = __atomic_load_n(reinterpret_cast<const u64*>(&cell->at[i]), __ATOMIC_RELAXED);
    if (((raw ^ wanted) & kButEpoch) == 0) {
      own = raw;
    } else {
      kinds |= 1u << (raw >> 40 & 3);
    }
  }
  if ((kinds & kKindsAgainst[kind]) != 0) own = 0;
  return __builtin_bit_cast(CellEntry, own);
}

// In a cell of any other form. `own` is the number of the entry, `n` if there is none; `alone`: nothing can
// conflict with it.
struct Found {
  u32 own;
  bool recorded, alone;
};
CSAN_ALWAYS_INLINE Found FindOwn(Actor* a, const Cell* cell, u32 n, u8 mask, u8 kind, Word mine) {
  Found found = {n, false, true};
  for (u32 i = 0; i < n; i++) {
    const CellEntry e = LoadEntry(&cell->at[i]);
    if (OfSlot(e, mine) && e.kind == kind && (mask & ~e.mask) == 0) {
      if (EpochIn(e) == mine) return {i, true, false};
      if (e.stamped != 0 && e.mask == mask) found.own = i;
    } else if ((e.mask & mask) != 0 && Conflicting(e.kind, kind)) {
      if (e.stamped != 0 || !a->clock->Knows(e.word)) {
        found.alone = false;
      } else if (IsWriteKind(e.kind)) {
        NoteReadFrom(a, e.word);
      }
    }
  }
  return found;
}

// The rest of Renew() where nothing in the cell conflicts with its entry `own`.
template <Looks kLooks, typename Where>
CSAN_ALWAYS_INLINE Renewal RenewAlone(Actor* a, RenewalLine& line, u64 key, const Cell* cell,
                                      const CellEntry& own, Word mine, Where& where, u32 begin) {
  const Stamp last = StampIn(own);
  const bool recorded = last.epoch == mine;
  if (!cell->lock.Unchanged(begin) || (!recorded && !a->clock->Knows(last.epoch))) {
    return Renewal::kNo;
  }
  if (recorded) return Renewal::kRecorded;
  const StackId site = SiteOrLog(where, last.site);
  if (kLooks == Looks::kCaller) {
    StoreStamp(StampOf(own.word), mine, site);
  } else {
    SetStamp(StampOf(own.word), mine, site);
    if (!cell->lock.Unchanged(begin)) return Renewal::kAgain;
  }
  // A line for what is done seldom would take the place of one for what is done in every epoch.
  constexpr u32 kOften = 256;  // epochs
  if (((EpochOf(mine) - EpochOf(last.epoch)) & kMaxEpoch) < kOften) {
    line = {key, static_cast<u32>(cell - cells), begin, a->attach, own.word, mine, site};
  }
  return Renewal::kDone;
}

// And where others than the entry number `own` may: they are looked at afterwards.
template <typename Where>
CSAN_ALWAYS_INLINE Renewal RenewAgainst(Actor* a, const Cell* cell, u32 n, u8 mask, u8 kind,
                                        u32 own, Word mine, Where& where, u32 begin) {
  const CellEntry e = LoadEntry(&cell->at[own]);
  const Stamp last = StampIn(e);
  if (!a->clock->Knows(last.epoch) || !cell->lock.Unchanged(begin)) return Renewal::kNo;
  SetStamp(StampOf(e.word), mine, SiteOrLog(where, last.site));
  for (u32 i = 0; i < n; i++) {
    const CellEntry other = LoadEntry(&cell->at[i]);
    if (i == own || (other.mask & mask) == 0 || !Conflicting(other.kind, kind)) continue;
    const Word epoch = EpochIn(other);
    if (!a->clock->Knows(epoch)) return Renewal::kAgain;
    if (IsWriteKind(other.kind)) NoteReadFrom(a, epoch);
  }
  return cell->lock.Unchanged(begin) ? Renewal::kDone : Renewal::kAgain;
}

// Without the lock: brings the stamp of the entry that says the same of this actor's slot to the current
// epoch, and looks for conflicts afterwards. Of two that do so at once at least one sees the other;
// all else changes the count of the lock, which was `*begin` before anything was looked at. `tag` was
// read from the unit's first write word. An epoch that is in the cell itself and known stays both.
template <Looks kLooks, typename Where>
CSAN_ALWAYS_INLINE Renewal Renew(Actor* a, Word tag, uptr unit, u8 mask, u8 kind, Word mine,
                                 Where& where, u32* begin) {
  const Cell* const cell = &cells[CellIndex(tag)];
  RenewalLine& line = RenewalLineFor(a, unit, kind);
  const u64 key = RenewalKey(unit, kind, mask);
  *begin = line.begin;
  const Renewal again = RenewAgain<kLooks>(a, tag, line, key, mine, where);
  if (CSAN_LIKELY(again != Renewal::kNo)) return again;
  *begin = cell->lock.Begin();
  const u32 n = cell->n;
  if (n > Cell::kInline || cell->unit != unit) return Renewal::kNo;
  CellEntry own = OwnAlone(cell, n, mask, kind, mine);
  if (CSAN_UNLIKELY(own.stamped == 0)) {
    const Found found = FindOwn(a, cell, n, mask, kind, mine);
    if (found.recorded) return cell->lock.Unchanged(*begin) ? Renewal::kRecorded : Renewal::kNo;
    if (found.own == n) return Renewal::kNo;
    if (!found.alone) {
      return RenewAgainst(a, cell, n, mask, kind, found.own, mine, where, *begin);
    }
    own = LoadEntry(&cell->at[found.own]);
  }
  return RenewAlone<kLooks>(a, line, key, cell, own, mine, where, *begin);
}

// With the cell locked: the same where nothing in it can conflict. False if there is no such stamp.
template <typename Where>
CSAN_ALWAYS_INLINE bool RenewLocked(const Actor* a, Cell* cell, u8 mask, u8 kind, Word mine,
                                    Where& where) {
  if (cell->n > Cell::kInline) return false;
  Word own = 0;
  for (u32 i = 0; i < cell->n; i++) {
    const CellEntry& e = cell->at[i];
    if ((e.mask & mask) != 0 && Conflicting(e.kind, kind)) return false;
    if (e.stamped != 0 && e.kind == kind && e.mask == mask && OfSlot(e, mine)) own = e.word;
  }
  if (own == 0) return false;
  Stamp* const stamp = StampOf(own);
  if (!a->clock->Knows(stamp->epoch)) return false;
  // Nobody's check depends on it: whoever conflicts with it needs the lock to say so.
  StoreStamp(stamp, mine, SiteOrLog(where, stamp->site));
  return true;
}

// The same for the cell that `tag`, read from the unit's first write word, names. False if the slow
// path must do it; `*recheck` is then set if it may not rely on what is recorded.
template <typename Where>
CSAN_ALWAYS_INLINE bool CellAccess(Actor* a, Word tag, uptr unit, u8 mask, u8 kind, Word cur,
                                   Where& where, bool* recheck) {
  Cell* const cell = &cells[CellIndex(tag)];
  const Word mine = cur & ~kFullMask;
  u32 begin;
  const Renewal renewal = Renew<Looks::kRenewal>(a, tag, unit, mask, kind, mine, where, &begin);
  if (renewal == Renewal::kDone || renewal == Renewal::kRecorded) return true;
  if (renewal == Renewal::kAgain) {
    *recheck = true;
    return false;
  }
  if (!cell->lock.TryLock()) return false;
  const bool done = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED) == tag &&
                    cell->unit == unit && TouchCell(a, cell, mask, kind, mine, where);
  cell->lock.Unlock();
  return done;
}

}  // namespace csan::race
