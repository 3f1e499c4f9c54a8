#include "sync/sweep.h"

#include "base/spin_lock.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "sync/sync_var.h"

namespace csan {
namespace {

constexpr u64 kFew = 1 << 14;

constinit u64 many = kFew;
constinit SpinLock sweeping;

bool IsNamed(const Cell* cell, u32 index) {
  return __atomic_load_n(WriteWord(cell->unit), __ATOMIC_RELAXED) == (kCellTag | index);
}

// Who makes a cell has it locked until a word names it.
void FreeNameless() {
  const u32 end = CellsEver();
  for (u32 i = 1; i < end; i++) {
    Cell* const cell = &cells[i];
    if (__atomic_load_n(&cell->unit, __ATOMIC_RELAXED) == 0 || !cell->lock.TryLock()) continue;
    if (cell->unit == 0 || IsNamed(cell, i)) {
      cell->lock.Unlock();
      continue;
    }
    FreeSyncs(cell);
    EndCell(cell);
  }
}

}  // namespace

void SweepCellsIfMany() {
  if (CSAN_LIKELY(CellsInUse() < __atomic_load_n(&many, __ATOMIC_RELAXED))) return;
  if (!sweeping.TryLock()) return;
  FreeNameless();
  const u64 left = CellsInUse();
  // Where there have been many once, a sweep costs as much as if there were.
  const u64 more = left < CellsEver() / 4 ? CellsEver() / 4 : left;
  __atomic_store_n(&many, left + (more < kFew ? kFew : more), __ATOMIC_RELAXED);
  sweeping.Unlock();
}

}  // namespace csan
