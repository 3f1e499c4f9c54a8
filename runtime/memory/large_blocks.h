// Blocks above kLargeMin: a mapping for each, and a record.
//
// Thread-safety: records come and go under a lock and stay where they are; they are read without it. What
// is found for an address that the reader has no right to may be of a block that is just coming or going.
#pragma once

#include "base/types.h"
#include "memory/block.h"

namespace csan {

struct LargeMeta {
  uptr map;
  uptr map_size;
  uptr begin;
  uptr size;  // as requested
  BlockState state;
  BlockUsers by;

  uptr Usable() const { return (size + 15) & ~15ull; }
};

// Once, before anything else here.
void MapLargeRecords();
// Null when memory is not to be had, or a record. `align` is a power of two.
LargeMeta* MapLarge(uptr size, uptr align, uptr pc);
// The block there, live or freed, or null.
LargeMeta* FindLarge(uptr addr);
// Ends a block that `addr` lies in.
void UnmapLarge(uptr addr);

uptr LargeBytes();  // mapped
// Of blocks, live or freed, while nobody maps any.
u32 CountLarge();
void ForEachLarge(void (*visit)(const LargeMeta& block, void* context), void* context);
void LockLarge();
void UnlockLarge();

}  // namespace csan
