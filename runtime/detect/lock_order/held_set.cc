#include "detect/lock_order/held_set.h"

#include "detect/lock_order/index.h"
#include "detect/lock_order/pool.h"

namespace csan::lock_order {
namespace {

constinit Pool<HeldSet, 1 << kSetIdBits> sets;

struct Key {
  static u32 Hash(u32 set) { return HashOf(sets[set].parent, sets[set].lock_mode); }
};
constinit Index<Key, 1 << kSetIdBits> index;

u64 BitOf(LockId lock) { return 1ull << (lock * 0x9E3779B97F4A7C15ull >> 58); }

}  // namespace

const HeldSet& SetAt(HeldSetId set) { return sets[set]; }

HeldSetId FindWithLock(HeldSetId set, LockId lock, LockMode mode) {
  const u32 lock_mode = LockAndMode(lock, mode);
  return index.Find(HashOf(set, lock_mode),
                    [&](u32 i) { return sets[i].parent == set && sets[i].lock_mode == lock_mode; });
}

HeldSetId WithLock(HeldSetId set, LockId lock, LockMode mode) {
  const HeldSetId known = FindWithLock(set, lock, mode);
  if (known != 0) return known;
  const u32 id = sets.Take();
  if (id == 0) return 0;
  const u32 size = set == 0 ? 1 : sets[set].size + 1;
  const u64 filter = BitOf(lock) | (set == 0 ? 0 : sets[set].filter);
  sets[id] = {set, LockAndMode(lock, mode), size, filter};
  index.Insert(id);
  return id;
}

bool KeepsOut(HeldSetId set, LockId lock, LockMode mode) {
  if (set == 0 || (sets[set].filter & BitOf(lock)) == 0) return false;
  for (; set != 0; set = sets[set].parent) {
    if (sets[set].lock() == lock && Excludes(sets[set].mode(), mode)) return true;
  }
  return false;
}

bool ShutEachOtherOut(HeldSetId a, HeldSetId b) {
  if (a == 0 || b == 0 || (sets[a].filter & sets[b].filter) == 0) return false;
  for (; a != 0; a = sets[a].parent) {
    if (KeepsOut(b, sets[a].lock(), sets[a].mode())) return true;
  }
  return false;
}

u64 HeldSetsRefused() { return sets.refused(); }

}  // namespace csan::lock_order
