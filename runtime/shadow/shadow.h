// Address map of the two shadow planes. A granule's words lie at a constant distance from it, so
// the inlined check folds into one addressing mode. The distances differ in bits 6..27 too: planes
// that agree there alias in the cache.
#pragma once

#include "abi/layout.h"
#include "base/types.h"
#include "platform/linux/address_map.h"
#include "shadow/word.h"

namespace csan {

constexpr uptr kGranule = 4;

constexpr uptr GranuleOf(uptr addr) { return addr & ~(kGranule - 1); }
inline Word* WriteWord(uptr granule) {
  return reinterpret_cast<Word*>(granule + static_cast<uptr>(abi::kWriteOffset));
}
inline Word* ReadWord(uptr granule) {
  return reinterpret_cast<Word*>(granule + static_cast<uptr>(abi::kReadOffset));
}
// The mask of the bytes of [addr, end) that lie in `granule`.
constexpr u32 MaskIn(uptr granule, uptr addr, uptr end) {
  u32 mask = kFullMask;
  if (granule < addr) mask &= kFullMask << (addr - granule);
  if (granule + kGranule > end) mask &= kFullMask >> (granule + kGranule - end);
  return mask;
}

}  // namespace csan
