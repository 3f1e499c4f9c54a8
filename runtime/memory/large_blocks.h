// Blocks above kLargeMin: a mapping for each, a record, and an index by address.
//
// The index names, for each megabyte of address space, the block that its first byte lies in. A mapping is
// longer than a megabyte, so it holds the first byte of the one that an address of it lies in, or of the
// next: to find a block takes two words and two records, however many there are. To map one takes a word for
// each of its megabytes.
//
// Thread-safety: records and words change under a lock and are read without it. Who has a right to a block
// finds it whatever happens to others; a block that is just coming or going may be found or not.
#pragma once

#include "base/seq_lock.h"
#include "base/types.h"
#include "memory/block.h"

namespace csan {

struct LargeMeta {
  SeqLock changing;  // where it lies
  u32 next_unused;
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
// Null when memory is not to be had, or a record. `align` is a power of two; one of the two is above
// kLargeMin.
LargeMeta* MapLarge(uptr size, uptr align, uptr pc);
// The block there, live or freed, or null.
LargeMeta* FindLarge(uptr addr);
// Moves the first bytes of a live block to another, page by page: False if they are still to be copied.
bool MoveLarge(uptr from, uptr to, uptr size);
// Ends a block that `addr` lies in.
void UnmapLarge(uptr addr);

uptr LargeBytes();  // mapped
// Of blocks, live or freed, while nobody maps any.
u32 CountLarge();
void ForEachLarge(void (*visit)(const LargeMeta& block, void* context), void* context);
void LockLarge();
void UnlockLarge();

}  // namespace csan
