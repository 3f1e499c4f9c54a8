// The program's heap: what malloc, free and their kin do.
//
// Small blocks lie in the regions of their classes (region.h) and come from a cache of the running actor
// (heap_cache.h); large ones are mapped one by one (large_blocks.h). Freed, both wait in the quarantine.
// Thread-safe, but for SetHeapHooks.
#pragma once

#include "base/types.h"
#include "memory/block.h"
#include "memory/heap_cache.h"
#include "memory/heap_hooks.h"

namespace csan {

void SetHeapHooks(const HeapHooks& hooks);

// Maps the regions now rather than at the first request, so that where they lie can be seen.
void ReserveHeap();

// Whether the address is in memory that this heap got, handed out or not.
bool HeapOwns(uptr addr);

// Null when memory is not to be had. `align` is a power of two, at least 16 is given.
void* HeapAllocate(uptr size, uptr align, bool zero, uptr pc);
void HeapFree(void* block, uptr pc);
// Null when memory is not to be had (the old block stays). Size 0 frees, as glibc does.
void* HeapReallocate(void* block, uptr size, uptr pc);
// What the program asked for: bytes beyond are not its own to use. 0 for null.
uptr HeapUsableSize(const void* block);
// The block that `addr` lies in, live or freed.
bool FindBlock(uptr addr, BlockInfo* info);
void FlushCache(HeapCache& cache);

void HeapBeforeFork();
void HeapAfterFork();

}  // namespace csan
