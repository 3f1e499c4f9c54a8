// Cells: the full, mutable record of an aligned unit of 8 bytes.
//
// A unit gets a cell when a word is too small for its story: atomics, synchronisation objects, and
// short lists that change in every epoch (interning those would fill the arena). The words of both
// planes then name the cell. The write word of the unit's first granule is the one that counts; the
// other three follow it and may lag behind.
//
// Cells live in type-stable memory and are recycled: whoever has locked one looks again whether the
// word still names it. Nothing is called out of this file with a cell locked except by its users,
// who must not report findings or touch program memory that may fault while they hold it.
#pragma once

#include "base/seq_lock.h"
#include "base/types.h"
#include "shadow/shadow.h"
#include "shadow/stamp.h"
#include "shadow/word.h"
#include "shadow/word_set.h"

namespace csan {

constexpr uptr kUnit = 8;
constexpr uptr UnitOf(uptr addr) { return addr & ~(kUnit - 1); }

enum AccessKind : u8 { kPlainRead = 0, kPlainWrite = 1, kAtomicRead = 2, kAtomicWrite = 3 };
constexpr bool IsWriteKind(u8 kind) { return (kind & 1) != 0; }
constexpr bool IsAtomicKind(u8 kind) { return (kind & 2) != 0; }
// Two atomic accesses never race, nor do two reads.
constexpr bool Conflicting(u8 a, u8 b) {
  return (IsWriteKind(a) || IsWriteKind(b)) && !(IsAtomicKind(a) && IsAtomicKind(b));
}

// Changed with the cell locked; loaded and stored whole, so that readers without the lock see no mixture.
struct alignas(8) CellEntry {
  Word word;  // mask bits zero
  u8 mask;    // of the unit's 8 bytes
  u8 kind;
  u16 stamped;  // 1: the word refers to the stamp that has the epoch
};

struct alignas(64) Cell {
  static constexpr u32 kInline = 5;
  SeqLock lock;  // its count survives the cell's uses
  u32 sync;      // first synchronisation object that lives in the unit; owned by sync/
  u32 more;      // overflow: index of a cell that holds five more entries and has no unit
  u32 n;
  uptr unit;
  CellEntry at[kInline];
};
static_assert(sizeof(Cell) == 64);

using CellList = ShortList<CellEntry, 12, 2048>;

extern Cell* cells;

CSAN_ALWAYS_INLINE CellEntry LoadEntry(const CellEntry* at) {
  const u64 raw = __atomic_load_n(reinterpret_cast<const u64*>(at), __ATOMIC_RELAXED);
  CellEntry entry;
  __builtin_memcpy(&entry, &raw, sizeof(entry));
  return entry;
}
CSAN_ALWAYS_INLINE void StoreEntry(CellEntry* at, const CellEntry& entry) {
  u64 raw;
  __builtin_memcpy(&raw, &entry, sizeof(raw));
  __atomic_store_n(reinterpret_cast<u64*>(at), raw, __ATOMIC_RELAXED);
}

// The epoch an entry stands for, and the access's site if the history need not be asked for it.
CSAN_ALWAYS_INLINE Stamp StampIn(const CellEntry& entry) {
  if (entry.stamped == 0) return {entry.word, 0};
  return LoadStamp(StampOf(entry.word));
}
CSAN_ALWAYS_INLINE Word EpochIn(const CellEntry& entry) { return StampIn(entry).epoch; }
CSAN_ALWAYS_INLINE bool OfSlot(const CellEntry& entry, Word word) {
  return SlotOf(entry.word ^ word) == 0;
}

// Whether the cell says already that the epoch of `word` did this to these bytes. Without the lock
// the answer counts only if the lock's count has not changed.
CSAN_ALWAYS_INLINE bool Recorded(const Cell* cell, Word word, u8 mask, u8 kind) {
  const u32 n = cell->n < Cell::kInline ? cell->n : Cell::kInline;
  for (u32 i = 0; i < n; i++) {
    const CellEntry e = LoadEntry(&cell->at[i]);
    if (e.kind != kind || (mask & ~e.mask) != 0 || !OfSlot(e, word)) continue;
    if (EpochIn(e) == word) return true;
  }
  return false;
}

void InitCells();
// The locked cell of a unit, or null: none there and !create, or the memory is freed.
Cell* LockCellSlow(uptr unit, bool create);
CSAN_ALWAYS_INLINE Cell* LockCell(uptr unit, bool create) {
  const Word w = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED);
  if (CSAN_LIKELY(IsCell(w))) {
    Cell* cell = &cells[CellIndex(w)];
    if (CSAN_LIKELY(cell->lock.TryLock())) {
      if (CSAN_LIKELY(__atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED) == w &&
                      cell->unit == unit)) {
        return cell;
      }
      cell->lock.Unlock();
    }
  }
  return LockCellSlow(unit, create);
}
inline void UnlockCell(Cell* cell) { cell->lock.Unlock(); }
// The entries of a locked cell. Who takes one out of the list gives its stamp back.
void LoadCell(const Cell* cell, CellList* list);
// False if memory for the list is not to be had; the oldest entries are then lost and counted.
bool StoreCell(Cell* cell, const CellList& list);
// Replaces the locked cell by plain words if they can say the same, and unlocks it either way.
void DissolveOrUnlock(Cell* cell, const CellList& list);
// Whether an entry of the cell named by `tag` has the epoch of `word`; true if it cannot be told now.
bool MayNameEpoch(Word tag, Word word);
// Frees a locked cell whose memory begins a new life; both planes get `write` and `read`.
void DropCell(Cell* cell, Word write, Word read);
// Frees a locked cell that no word names any more.
void EndCell(Cell* cell);
u64 CellsInUse();
u32 CellsEver();  // all that have been in use have a smaller index

}  // namespace csan
