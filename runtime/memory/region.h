// Where small blocks lie: a region of address space for each size class, all of one size and in a row, so
// that any address inside a block leads to the block and to who allocated and freed it, without a header and
// without a search. Blocks are cut from a region's front and, once freed, kept in a list.
//
// Thread-safety: what is here of addresses needs no lock once the regions are mapped; a block's record is
// its owner's, and who has no right to the block may read it half changed. Refill and Spill lock the class.
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "memory/block.h"
#include "memory/heap_cache.h"
#include "memory/size_class.h"
#include "platform/platform.h"

namespace csan {

constexpr uptr kHeapReserved = (kHeapClasses + 1ull) << kHeapRegionBits;

// The record of a small block, beside its region.
struct BlockMeta {
  u32 requested_state;  // state in the low 2 bits, requested bytes above
  BlockUsers by;

  BlockState State() const { return static_cast<BlockState>(requested_state & 3); }
  uptr Requested() const { return requested_state >> 2; }
  void Set(uptr requested, BlockState state) {
    requested_state = static_cast<u32>(requested << 2) | static_cast<u32>(state);
  }
};
static_assert(kLargeMin << 2 < 1ull << 32);

struct Region {
  SpinLock lock;
  void* free_head;
  uptr next;    // first address never handed out
  uptr grown;   // end of what the hook `grown` was told
  uptr dumped;  // end of what goes into core dumps
};

extern uptr regions_begin;  // 0 until they are mapped
extern Region regions[kHeapClasses];
extern BlockMeta* block_metas[kHeapClasses];

inline bool RegionsMapped() { return __atomic_load_n(&regions_begin, __ATOMIC_ACQUIRE) != 0; }
inline bool InRegions(uptr addr) {
  return addr - regions_begin < kHeapRegion * kHeapClasses && regions_begin != 0;
}
inline uptr RegionBegin(u32 c) { return regions_begin + c * kHeapRegion; }

// Of an address in the regions.
inline u32 ClassAt(uptr addr) {
  return static_cast<u32>((addr - regions_begin) >> kHeapRegionBits);
}
inline uptr IndexAt(u32 c, uptr addr) {
  return BlockAt(c, (addr - regions_begin) & (kHeapRegion - 1));
}
inline BlockMeta* MetaAt(u32 c, uptr addr) { return &block_metas[c][IndexAt(c, addr)]; }
inline uptr BeginOf(u32 c, uptr index) { return RegionBegin(c) + index * kSizeClasses.size[c]; }

// Once, before anything else here.
void MapRegions();
// Fills an empty list with blocks of a class. False if the region is used up.
bool Refill(FreeList* list, u32 c);
// Gives back what a list has more than `keep` of a class.
void Spill(FreeList* list, u32 c, u32 keep);
// Adds a block; not more stay in the list than two batches.
void GiveBack(FreeList* list, u32 c, void* block);

uptr RegionBytes();  // cut from all so far
void LockRegions();
void UnlockRegions();

}  // namespace csan
