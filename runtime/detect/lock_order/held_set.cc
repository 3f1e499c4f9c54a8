#include "detect/lock_order/held_set.h"

#include "detect/lock_order/pool.h"

namespace csan::lock_order {
namespace {

constexpr u32 kBuckets = 1 << 18;

constinit Pool<HeldSet, 1 << 24> sets;
constinit Pool<u32, kBuckets + 1> buckets;

u64 BitOf(LockId lock) { return 1ull << (lock * 0x9E3779B97F4A7C15ull >> 58); }

u32* BucketOf(HeldSetId set, u32 lock_mode) {
  const u64 key = static_cast<u64>(set) << 32 | lock_mode;
  return &buckets[1 + static_cast<u32>(key * 0x9E3779B97F4A7C15ull >> 46)];
}

}  // namespace

const HeldSet& SetAt(HeldSetId set) { return sets[set]; }

HeldSetId WithLock(HeldSetId set, LockId lock, LockMode mode) {
  if (buckets.used() == 0) buckets.Take(kBuckets);
  const u32 lock_mode = lock << 1 | (mode == LockMode::kRead ? 1 : 0);
  u32* const bucket = BucketOf(set, lock_mode);
  for (u32 i = *bucket; i != 0; i = sets[i].next) {
    if (sets[i].parent == set && sets[i].lock_mode == lock_mode) return i;
  }
  const u32 id = sets.Take();
  if (id == 0) return 0;
  const u32 size = set == 0 ? 1 : sets[set].size + 1;
  const u64 filter = BitOf(lock) | (set == 0 ? 0 : sets[set].filter);
  sets[id] = {set, lock_mode, *bucket, size, filter};
  *bucket = id;
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
