#include "memory/heap.h"

#include "base/spin_lock.h"
#include "base/string.h"
#include "memory/large_blocks.h"
#include "memory/quarantine.h"
#include "memory/region.h"

namespace csan {
namespace {

constinit SpinLock init_lock;

void* AllocateLarge(uptr size, uptr align, uptr pc) {
  const LargeMeta* large = MapLarge(size, align < 16 ? 16 : align, pc);
  if (large == nullptr) return nullptr;
  if (heap_hooks.allocated != nullptr) heap_hooks.allocated(large->begin, large->Usable());
  return reinterpret_cast<void*>(large->begin);
}

// How many bytes have now been freed; 0 if that was no live block, which has been reported.
CSAN_ALWAYS_INLINE uptr FreeSmall(uptr addr, uptr pc) {
  const u32 c = ClassAt(addr);
  BlockMeta* meta = MetaAt(c, addr);
  if (CSAN_UNLIKELY(meta->State() != BlockState::kLive || BeginOf(c, IndexAt(c, addr)) != addr)) {
    if (heap_hooks.bad_free != nullptr) {
      heap_hooks.bad_free(addr, meta->State() == BlockState::kFreed, pc);
    }
    return 0;
  }
  const uptr usable = kSizeClasses.size[c];
  if (heap_hooks.freed != nullptr) heap_hooks.freed(addr, usable, pc, &meta->by.free_mark);
  meta->Set(meta->Requested(), BlockState::kFreed);
  if (heap_hooks.stack != nullptr) {
    meta->by.free_stack = heap_hooks.stack(pc);
    meta->by.free_actor = heap_hooks.actor();
  }
  return usable;
}

// The same.
uptr FreeLarge(uptr addr, uptr pc) {
  LargeMeta* large = FindLarge(addr);
  // Memory that is not ours: handed out by the loader before we were there. It is left alone.
  if (large == nullptr) return 0;
  if (large->begin != addr || large->state != BlockState::kLive) {
    if (heap_hooks.bad_free != nullptr) {
      heap_hooks.bad_free(addr, large->state == BlockState::kFreed, pc);
    }
    return 0;
  }
  const uptr usable = large->Usable();
  if (heap_hooks.freed != nullptr) heap_hooks.freed(addr, usable, pc, &large->by.free_mark);
  large->state = BlockState::kFreed;
  // Waiting costs it no memory; what is read of it now is zeros.
  ReleasePages(large->map, large->map_size);
  if (heap_hooks.stack != nullptr) {
    large->by.free_stack = heap_hooks.stack(pc);
    large->by.free_actor = heap_hooks.actor();
  }
  return usable;
}

}  // namespace

void ReserveHeap() {
  SpinGuard guard(init_lock);
  if (RegionsMapped()) return;
  MapLargeRecords();
  MapQuarantine();
  MapRegions();  // the last, as it tells that all is there
}

void SetHeapHooks(const HeapHooks& hooks) { heap_hooks = hooks; }

bool HeapOwns(uptr addr) { return InRegions(addr) || FindLarge(addr) != nullptr; }

void* HeapAllocate(uptr size, uptr align, bool zero, uptr pc) {
  if (CSAN_UNLIKELY(!RegionsMapped())) ReserveHeap();
  if (CSAN_UNLIKELY(size > kLargeMin || align > kLargeMin)) return AllocateLarge(size, align, pc);
  u32 c = ClassOf(size < align && align > 16 ? align : size);
  // Regions are aligned, so a block is as aligned as its size is; that of the last class is kLargeMin.
  while (align > 16 && (kSizeClasses.size[c] & (align - 1)) != 0) c++;
  void* block;
  {
    CacheUser cache;
    FreeList& list = cache->lists[c];
    if (CSAN_UNLIKELY(list.head == nullptr) && !Refill(&list, c)) return nullptr;
    block = list.Pop();
  }
  const uptr addr = reinterpret_cast<uptr>(block);
  FreeList::NextOf(block) = nullptr;
  BlockMeta* meta = MetaAt(c, addr);
  // Written before it is read: a fresh page that is read first faults twice.
  if (heap_hooks.stack != nullptr) {
    meta->by.alloc_stack = heap_hooks.stack(pc);
    meta->by.alloc_actor = heap_hooks.actor();
  }
  const bool virgin = meta->State() == BlockState::kUnused;
  meta->Set(size, BlockState::kLive);
  if (heap_hooks.stack != nullptr) heap_hooks.allocated(addr, kSizeClasses.size[c]);
  if (zero && !virgin) MemFill(block, 0, size);
  return block;
}

void HeapFree(void* block, uptr pc) {
  if (block == nullptr) return;
  const uptr addr = reinterpret_cast<uptr>(block);
  const uptr usable = CSAN_LIKELY(InRegions(addr)) ? FreeSmall(addr, pc) : FreeLarge(addr, pc);
  if (usable == 0) return;
  // Blocks go into the quarantine many at a time, but for those that would be missed meanwhile.
  constexpr uptr kAtOnce = 64 << 10;
  void* full[HeapCache::kPending];
  u32 count = 0;
  {
    CacheUser cache;
    cache->pending[cache->pending_count++] = block;
    if (cache->pending_count == HeapCache::kPending || usable >= kAtOnce) {
      count = cache->pending_count;
      for (u32 i = 0; i < count; i++) full[i] = cache->pending[i];
      cache->pending_count = 0;
    }
  }
  if (count != 0) Quarantine(full, count);
}

void* HeapReallocate(void* block, uptr size, uptr pc) {
  if (block == nullptr) return HeapAllocate(size, 16, false, pc);
  if (size == 0) {
    HeapFree(block, pc);
    return nullptr;
  }
  const uptr addr = reinterpret_cast<uptr>(block);
  if (InRegions(addr)) {
    const u32 c = ClassAt(addr);
    BlockMeta* meta = MetaAt(c, addr);
    if (meta->State() == BlockState::kLive && BeginOf(c, IndexAt(c, addr)) == addr &&
        size <= kSizeClasses.size[c] && size * 2 >= kSizeClasses.size[c]) {
      meta->Set(size, BlockState::kLive);
      return block;
    }
  }
  // Not the whole block if that is not its beginning, which HeapFree will report.
  BlockInfo old;
  const bool within = FindBlock(addr, &old) && addr < old.begin + old.size;
  const uptr had = within ? old.begin + old.size - addr : 0;
  void* fresh = HeapAllocate(size, 16, false, pc);
  if (fresh == nullptr) return nullptr;
  const uptr kept = had < size ? had : size;
  if (!MoveLarge(addr, reinterpret_cast<uptr>(fresh), kept)) MemCopy(fresh, block, kept);
  HeapFree(block, pc);
  return fresh;
}

uptr HeapUsableSize(const void* block) {
  BlockInfo info;
  return block != nullptr && FindBlock(reinterpret_cast<uptr>(block), &info) ? info.size : 0;
}

bool FindBlock(uptr addr, BlockInfo* info) {
  if (InRegions(addr)) {
    const u32 c = ClassAt(addr);
    const BlockMeta* meta = MetaAt(c, addr);
    *info = {meta->by, BeginOf(c, IndexAt(c, addr)), meta->Requested(), kSizeClasses.size[c],
             meta->State()};
    return info->state != BlockState::kUnused;
  }
  const LargeMeta* large = FindLarge(addr);
  if (large == nullptr) return false;
  *info = {large->by, large->begin, large->size, large->size, large->state};
  return true;
}

void FlushCache(HeapCache& cache) {
  void* pending[HeapCache::kPending];
  const u32 count = cache.pending_count;
  for (u32 i = 0; i < count; i++) pending[i] = cache.pending[i];
  cache.pending_count = 0;
  if (count != 0) Quarantine(pending, count);
  for (u32 c = 0; c < kHeapClasses; c++) Spill(&cache.lists[c], c, 0);
}

void HeapBeforeFork() {
  LockQuarantine();
  LockLarge();
  shared_cache_lock.Lock();
  LockRegions();
}

void HeapAfterFork() {
  UnlockRegions();
  shared_cache_lock.Unlock();
  UnlockLarge();
  UnlockQuarantine();
}

}  // namespace csan
