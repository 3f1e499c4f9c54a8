// The live blocks of the heap, for who looks for pointers between them, with the heap locked as for a fork.
// Small ones have numbers: those of a class one after another, in the order of their addresses.
#pragma once

#include "base/types.h"
#include "memory/size_class.h"
#include "platform/platform.h"

namespace csan {

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

}  // namespace csan
