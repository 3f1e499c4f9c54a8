// The program's heap: size classes in fixed regions, so that any address inside a block leads to the
// block and to who allocated and freed it, without a header and without a search.
//
// Freed blocks wait in a first-in first-out quarantine, in proportion to the heap, before they are
// handed out again; as long as they wait, a use after free is seen. Blocks come from a cache of the
// running actor; the shared lists are locked once for each batch. Blocks above kLargeMin are mapped
// one by one. The heap knows nothing of shadows or actors: it calls the hooks it was given.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan {

constexpr u32 kHeapClasses = 64;
constexpr uptr kLargeMin = 1 << 20;  // bytes; larger requests are mapped

constexpr uptr kHeapGrowth = 16 << 10;

// Address space of each class, and of all, of which most is never touched.
constexpr u32 kHeapRegionBits = 36;
constexpr uptr kHeapReserved = (kHeapClasses + 1ull) << kHeapRegionBits;

// The part of the heap that belongs to one actor. Valid when zero.
struct HeapCache {
  struct FreeList {
    void* head;
    u32 count;
  };
  static constexpr u32 kPending = 32;
  FreeList lists[kHeapClasses];
  void* pending[kPending];  // freed, on their way into the quarantine
  u32 pending_count;
};

struct HeapHooks {
  void (*allocated)(uptr addr, uptr usable);
  // `mark` is kept with the block; written before anybody can find it freed.
  void (*freed)(uptr addr, uptr usable, uptr pc, u32* mark);
  void (*left_quarantine)(uptr addr, uptr usable);
  // Small blocks will soon be handed out for the first time from these kHeapGrowth bytes.
  void (*grown)(uptr addr, uptr size);
  u32 (*stack)(uptr pc);
  u32 (*actor)();
  HeapCache* (*cache)();
  // The program passed `addr` to free or realloc, but it is no live block of this heap.
  void (*bad_free)(uptr addr, bool freed_before, uptr pc);
};

enum class BlockState : u8 { kUnused, kLive, kFreed };

struct BlockInfo {
  uptr begin;
  uptr size;  // as requested
  uptr usable;
  BlockState state;
  u32 alloc_stack, alloc_actor;
  u32 free_stack, free_actor;
  u32 free_mark;
};

// How many bytes wait in the quarantine: a sixteenth of the heap, at least `least`, at most `most`. The
// few blocks freed last wait in any case.
struct QuarantineSize {
  uptr least, most;
};
void SetHeapHooks(const HeapHooks& hooks, QuarantineSize quarantine);

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

// The live blocks, for who looks for pointers between them, with the heap locked as for a fork.
struct HeapCensus {
  u64 blocks;  // in the regions; FindSmallBlock gives smaller numbers
  u64 first[kHeapClasses];
  u32 large;  // mapped one by one, freed ones too
  AddressRange regions;
};
struct LargeBlock {
  AddressRange mapping, block;
  bool live;
};
void CountBlocks(HeapCensus* census);
void ListLargeBlocks(LargeBlock* out);  // room for census.large
// The live ones in the regions, in the order of their addresses.
void ForEachSmallBlock(const HeapCensus& census,
                       void (*visit)(u64 number, AddressRange block, void* context), void* context);
bool FindSmallBlock(const HeapCensus& census, uptr addr, u64* number, AddressRange* block);
// The number of what lies there, live or not, without a look at it; false if nothing does yet. What
// FindSmallBlock will look at is then on its way into the cache.
struct SmallBlockNumber {
  u64 number;
  const void* meta;
};
bool NumberSmallBlock(const HeapCensus& census, uptr addr, SmallBlockNumber* out);

void HeapBeforeFork();
void HeapAfterFork();

}  // namespace csan
