#include "shadow/cell.h"

#include "base/spin_lock.h"
#include "platform/platform.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"

namespace csan {

constinit Cell* cells = nullptr;

namespace {

constexpr u32 kCapacity = (1u << kCellIndexBits) - 1;

constinit u32 used = 1;
constinit u32 free_head = 0;  // linked through `more`
constinit u64 in_use = 0;
constinit SpinLock pool_lock;

u32 Allocate() {
  SpinGuard guard(pool_lock);
  u32 index = free_head;
  if (index != 0) {
    free_head = cells[index].more;
  } else if (used < kCapacity) {
    index = used;
    __atomic_store_n(&used, index + 1, __ATOMIC_RELAXED);
  } else {
    return 0;
  }
  in_use++;
  return index;
}

void Free(u32 index) {
  SpinGuard guard(pool_lock);
  cells[index].more = free_head;
  free_head = index;
  in_use--;
}

void FreeMore(Cell* cell) {
  u32 index = cell->more;
  while (index != 0) {
    const u32 next = cells[index].more;
    Free(index);
    index = next;
  }
  cell->more = 0;
}

void Absorb(CellList* list, Word w, u32 shift, u8 kind) {
  WordList words;
  Expand(w, &words);
  for (u32 i = 0; i < words.n; i++) {
    const CellEntry entry = {words.at[i] & ~kFullMask,
                             static_cast<u8>(MaskOf(words.at[i]) << shift), kind, 0};
    bool covered = entry.mask == 0;
    // A write stamps a used read plane too.
    for (u32 k = 0; k < list->n && !covered; k++) {
      covered = list->at[k].word == entry.word && (entry.mask & ~list->at[k].mask) == 0 &&
                IsWriteKind(list->at[k].kind);
    }
    if (!covered) list->Add(entry);
  }
}

// Null with `full` if there is no memory, without it if the word is no longer `first`. The word alone
// could not tell: it may be `first` again.
Cell* Create(uptr unit, Word first, bool* full) {
  const u32 index = Allocate();
  *full = index == 0;
  if (*full) return nullptr;
  Cell* cell = &cells[index];
  cell->lock.Lock();
  cell->sync = 0;
  cell->more = 0;
  cell->n = 0;
  cell->unit = unit;
  MarkCell(unit);
  const Word tag = kCellTag | index;
  if (!__atomic_compare_exchange_n(WriteWord(unit), &first, tag, false, __ATOMIC_SEQ_CST,
                                   __ATOMIC_SEQ_CST)) {
    cell->unit = 0;
    cell->lock.Unlock();
    Free(index);
    return nullptr;
  }
  CellList list;
  Absorb(&list, first, 0, kPlainWrite);
  Absorb(&list, __atomic_exchange_n(WriteWord(unit + 4), tag, __ATOMIC_SEQ_CST), 4, kPlainWrite);
  Absorb(&list, __atomic_exchange_n(ReadWord(unit), tag, __ATOMIC_SEQ_CST), 0, kPlainRead);
  Absorb(&list, __atomic_exchange_n(ReadWord(unit + 4), tag, __ATOMIC_SEQ_CST), 4, kPlainRead);
  StoreCell(cell, list);
  return cell;
}

// The one word that says the same as all entries of `kind` in a granule; false if there is none.
bool AsWord(const CellList& list, u32 shift, bool write, Word* out) {
  *out = 0;
  for (u32 i = 0; i < list.n; i++) {
    const CellEntry& e = list.at[i];
    const u32 mask = (e.mask >> shift) & kFullMask;
    if (mask == 0 || IsWriteKind(e.kind) != write) continue;
    if (*out != 0 && !SameEpoch(*out, e.word)) return false;
    *out |= e.word | mask;
  }
  return true;
}

template <typename Visit>
void ForEachEntry(const Cell* cell, Visit visit) {
  const Cell* part = cell;
  for (u32 left = cell->n; left > 0; part = &cells[part->more]) {
    for (u32 k = 0; k < Cell::kInline && left > 0; k++, left--) visit(part->at[k]);
  }
}

}  // namespace

void InitCells() {
  cells = static_cast<Cell*>(MapMemory(sizeof(Cell) * static_cast<uptr>(kCapacity + 1), "cells"));
}

Cell* LockCellSlow(uptr unit, bool create) {
  for (;;) {
    const Word w = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED);
    if (IsCell(w)) {
      Cell* cell = &cells[CellIndex(w)];
      cell->lock.Lock();
      if (__atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED) == w && cell->unit == unit) {
        return cell;
      }
      cell->lock.Unlock();
      continue;
    }
    if (!create || w == kFreed) return nullptr;
    bool full;
    Cell* cell = Create(unit, w, &full);
    if (cell != nullptr || full) return cell;
  }
}

void LoadCell(const Cell* cell, CellList* list) {
  list->n = 0;
  ForEachEntry(cell, [list](const CellEntry& e) { list->Add(e); });
}

bool StoreCell(Cell* cell, const CellList& list) {
  u32 i = 0;
  for (; i < list.n && i < Cell::kInline; i++) StoreEntry(&cell->at[i], list.at[i]);
  u32* link = &cell->more;
  while (i < list.n) {
    if (*link == 0) {
      const u32 index = Allocate();
      if (index == 0) {
        cell->n = i;
        return false;
      }
      cells[index].more = 0;
      cells[index].unit = 0;
      *link = index;
    }
    Cell* more = &cells[*link];
    for (u32 k = 0; k < Cell::kInline && i < list.n; k++) StoreEntry(&more->at[k], list.at[i++]);
    link = &more->more;
  }
  cell->n = list.n;
  // What the list no longer needs.
  u32 rest = *link;
  *link = 0;
  while (rest != 0) {
    const u32 next = cells[rest].more;
    Free(rest);
    rest = next;
  }
  return true;
}

void EndCell(Cell* cell) {
  const u32 index = static_cast<u32>(cell - cells);
  ForEachEntry(cell, [](const CellEntry& e) {
    if (e.stamped != 0) GiveStamp(e.word);
  });
  FreeMore(cell);
  cell->unit = 0;
  cell->lock.Unlock();
  Free(index);
}

void DissolveOrUnlock(Cell* cell, const CellList& list) {
  Word words[4];
  bool simple = cell->sync == 0 && cell->n <= Cell::kInline;
  for (u32 i = 0; simple && i < list.n; i++) {
    simple = !IsAtomicKind(list.at[i].kind) && list.at[i].stamped == 0;
  }
  simple = simple && AsWord(list, 0, true, &words[0]) && AsWord(list, 4, true, &words[1]) &&
           AsWord(list, 0, false, &words[2]) && AsWord(list, 4, false, &words[3]);
  if (!simple) {
    UnlockCell(cell);
    return;
  }
  const uptr unit = cell->unit;
  __atomic_store_n(ReadWord(unit), words[2], __ATOMIC_RELEASE);
  __atomic_store_n(ReadWord(unit + 4), words[3], __ATOMIC_RELEASE);
  __atomic_store_n(WriteWord(unit + 4), words[1], __ATOMIC_RELEASE);
  __atomic_store_n(WriteWord(unit), words[0], __ATOMIC_RELEASE);
  EndCell(cell);
}

void DropCell(Cell* cell, Word write, Word read) {
  const uptr unit = cell->unit;
  __atomic_store_n(ReadWord(unit), read, __ATOMIC_RELEASE);
  __atomic_store_n(ReadWord(unit + 4), read, __ATOMIC_RELEASE);
  __atomic_store_n(WriteWord(unit + 4), write, __ATOMIC_RELEASE);
  __atomic_store_n(WriteWord(unit), write, __ATOMIC_RELEASE);
  EndCell(cell);
}

bool MayNameEpoch(Word tag, Word word) {
  const Cell* cell = &cells[CellIndex(tag)];
  // Without the lock: who holds it may want the log that our caller has locked.
  for (u32 tries = 0; tries < 16; tries++) {
    const u32 begin = cell->lock.Begin();
    bool found = cell->n > Cell::kInline;
    for (u32 i = 0; i < cell->n && i < Cell::kInline && !found; i++) {
      const CellEntry e = LoadEntry(&cell->at[i]);
      found = OfSlot(e, word) && SameEpoch(EpochIn(e), word);
    }
    if (cell->lock.Unchanged(begin)) return found;
    __builtin_ia32_pause();
  }
  return true;
}

u32 CellsEver() { return __atomic_load_n(&used, __ATOMIC_RELAXED); }
u64 CellsInUse() { return __atomic_load_n(&in_use, __ATOMIC_RELAXED); }

}  // namespace csan
