// The sizes of small blocks: multiples of 16 up to 256, then four to each doubling, so that less than a
// fifth of a block is left over. A class has a region of its own, in which a division finds the number of a
// block; it is a multiplication here.
#pragma once

#include "base/types.h"

namespace csan {

constexpr u32 kHeapClasses = 64;
constexpr uptr kLargeMin = 1 << 20;  // bytes; larger requests are mapped one by one

// Address space of each class, of which most is never touched.
constexpr u32 kHeapRegionBits = 36;
constexpr uptr kHeapRegion = 1ull << kHeapRegionBits;

// That a request for at most kLargeMin bytes is served from.
constexpr u32 ClassOf(uptr size) {
  if (size <= 256) return size == 0 ? 0 : static_cast<u32>((size - 1) / 16);
  const u32 log = 63 - static_cast<u32>(__builtin_clzll(size - 1));  // size in (2^log, 2^(log+1)]
  const u32 quarter = static_cast<u32>((size - 1) >> (log - 2)) & 3;
  return 16 + (log - 8) * 4 + quarter;
}

struct SizeClasses {
  uptr size[kHeapClasses];
  u64 reciprocal[kHeapClasses];  // of the size in sixteens, times 2^64; 0 for 1, which has no room

  constexpr SizeClasses() : size(), reciprocal() {
    for (u32 c = 0; c < kHeapClasses; c++) {
      size[c] = c < 16 ? (c + 1) * 16 : (c % 4 + 5) << (c / 4 + 2);
      reciprocal[c] = size[c] == 16 ? 0 : ~0ull / (size[c] / 16) + 1;
    }
  }
  constexpr bool AgreeWithClassOf() const {
    for (u32 c = 0; c < kHeapClasses; c++) {
      if (ClassOf(size[c]) != c || (c > 0 && ClassOf(size[c - 1] + 1) != c)) return false;
    }
    return ClassOf(0) == 0 && size[kHeapClasses - 1] == kLargeMin;
  }
};
inline constexpr SizeClasses kSizeClasses;
static_assert(kSizeClasses.AgreeWithClassOf());

// The number of the block that the byte at `offset` of a class's region lies in. The reciprocal is less than
// 1 too large and offsets have less than 2^32 sixteens, so the quotient is less than 2^-32 too large: exact.
constexpr uptr BlockAt(u32 c, uptr offset) {
  const u64 n = offset / 16;
  if (kSizeClasses.reciprocal[c] == 0) return n;
  return static_cast<uptr>((static_cast<unsigned __int128>(n) * kSizeClasses.reciprocal[c]) >> 64);
}

}  // namespace csan
