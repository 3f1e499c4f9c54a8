#include "memory/region.h"

namespace csan {

constinit uptr regions_begin = 0;
constinit Region regions[kHeapClasses] = {};
constinit BlockMeta* block_metas[kHeapClasses] = {};

namespace {

constinit uptr region_bytes = 0;

u32 BatchOf(u32 c) {
  const uptr fit = (16 << 10) / kSizeClasses.size[c];
  return fit < 1 ? 1 : fit > 32 ? 32 : static_cast<u32>(fit);
}

// From now on a core dump holds the next piece of the region too.
void Dump(Region* region, u32 c) {
  constexpr uptr kStep = 4 << 20;
  static_assert(kStep >= kLargeMin);
  const uptr from = region->dumped == 0 ? RegionBegin(c) : region->dumped;
  PutIntoDumps(from, kStep);
  region->dumped = from + kStep;
}

// A block that was never handed out; null if the region is used up.
void* Cut(Region* region, u32 c) {
  const uptr size = kSizeClasses.size[c];
  const uptr block = region->next;
  if (block + size > RegionBegin(c) + kHeapRegion) return nullptr;
  region->next = block + size;
  __atomic_fetch_add(&region_bytes, size, __ATOMIC_RELAXED);
  if (region->next > region->dumped) Dump(region, c);
  // Rounded up to pages; a class of big blocks is left to be touched piece by piece.
  if (size <= kHeapGrowth / 4 && region->next > region->grown) {
    const uptr from = region->grown == 0 ? block : region->grown;
    if (heap_hooks.grown != nullptr) heap_hooks.grown(from, kHeapGrowth);
    region->grown = from + kHeapGrowth;
  }
  return reinterpret_cast<void*>(block);
}

}  // namespace

void MapRegions() {
  for (u32 c = 0; c < kHeapClasses; c++) {
    const uptr blocks = kHeapRegion / kSizeClasses.size[c];
    block_metas[c] = static_cast<BlockMeta*>(MapMemory(sizeof(BlockMeta) * blocks, "heap records"));
  }
  const uptr mapped = reinterpret_cast<uptr>(MapHeap(kHeapReserved));
  const uptr aligned = (mapped + kHeapRegion - 1) & ~(kHeapRegion - 1);
  for (u32 c = 0; c < kHeapClasses; c++) regions[c].next = aligned + c * kHeapRegion;
  __atomic_store_n(&regions_begin, aligned, __ATOMIC_RELEASE);
}

bool Refill(FreeList* list, u32 c) {
  Region& region = regions[c];
  SpinGuard guard(region.lock);
  for (u32 left = BatchOf(c); left > 0; left--) {
    void* block = region.free_head;
    if (block != nullptr) {
      region.free_head = FreeList::NextOf(block);
    } else {
      block = Cut(&region, c);
      if (block == nullptr) break;
    }
    list->Push(block);
  }
  return list->head != nullptr;
}

void Spill(FreeList* list, u32 c, u32 keep) {
  if (list->count <= keep) return;
  Region& region = regions[c];
  SpinGuard guard(region.lock);
  while (list->count > keep) {
    void* block = list->Pop();
    FreeList::NextOf(block) = region.free_head;
    region.free_head = block;
  }
}

void GiveBack(FreeList* list, u32 c, void* block) {
  list->Push(block);
  if (list->count > 2 * BatchOf(c)) Spill(list, c, BatchOf(c));
}

uptr RegionBytes() { return __atomic_load_n(&region_bytes, __ATOMIC_RELAXED); }

void LockRegions() {
  for (Region& region : regions) region.lock.Lock();
}
void UnlockRegions() {
  for (Region& region : regions) region.lock.Unlock();
}

}  // namespace csan
