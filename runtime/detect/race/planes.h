// Both planes of whole ranges: cleared, or said to be freed.
//
// The shadow of a large block that is freed is mostly untouched: nothing was recorded before there was a
// second actor, or the program has used little of the block. Were each of its words written then, as much
// memory as the block has would be made for it. So such parts become views of a few pages that say kFreed,
// until the block leaves the quarantine: 10 ms for a gigabyte, and 32 mappings of the kernel's at most for a
// part that is free of accesses.
//
// Thread-safety: nobody else frees or hands out the range. Accesses to it at the same time may be forgotten.
#pragma once

#include "base/types.h"
#include "shadow/shadow.h"

namespace csan::race {

// From this size on it is cheaper to give pages back than to clear them.
constexpr uptr kReleaseMin = 64 << 10;
// And to make views of a few pages than to write them.
constexpr uptr kViewsMin = 4 << 20;

inline void FillWords(Word* at, uptr count, Word value) {
  for (uptr i = 0; i < count; i++) at[i] = value;
}
// Writes only where there is something: a plane that was never touched stays so.
void ClearWords(Word* at, uptr count);

// `block`: of the heap, which may have been freed.
void ClearPlanes(uptr addr, uptr size, bool block);
// Of a live block.
void ClearReads(uptr addr, uptr size);

// Where the part of [addr, end) ends that has, or has not, `*recorded` accesses or cells, by 64 KB.
uptr EndOfPart(uptr addr, uptr end, bool* recorded);
void ShowFreedLarge(Word* plane, uptr addr, uptr size);
// The words of [addr, addr + size) in the plane that begins there with `plane` become kFreed.
inline void ShowFreed(Word* plane, uptr addr, uptr size) {
  if (CSAN_LIKELY(size < kViewsMin)) return FillWords(plane, size / kGranule, kFreed);
  ShowFreedLarge(plane, addr, size);
}

}  // namespace csan::race
