#include "memory/census.h"

#include "memory/large_blocks.h"
#include "memory/region.h"

namespace csan {

void CountBlocks(HeapCensus* census) {
  u64 n = 0;
  for (u32 c = 0; c < kHeapClasses; c++) {
    census->first[c] = n;
    n += (regions[c].next - RegionBegin(c)) / kSizeClasses.size[c];
  }
  census->blocks = n;
  census->regions = {RegionBegin(0), RegionBegin(kHeapClasses)};
  census->large = CountLarge();
}

void ListLargeBlocks(LargeBlock* out) {
  ForEachLarge(
      [](const LargeMeta& l, void* next) {
        *(*static_cast<LargeBlock**>(next))++ = {
            {l.map, l.map + l.map_size}, {l.begin, l.begin + l.size}, l.state == BlockState::kLive};
      },
      &out);
}

void ForEachSmallBlock(const HeapCensus& census,
                       void (*visit)(u64 number, AddressRange block, void* context),
                       void* context) {
  for (u32 c = 0; c < kHeapClasses; c++) {
    const u64 end = c + 1 < kHeapClasses ? census.first[c + 1] : census.blocks;
    for (u64 i = 0; i < end - census.first[c]; i++) {
      const BlockMeta& meta = block_metas[c][i];
      if (meta.State() != BlockState::kLive) continue;
      const uptr lo = BeginOf(c, i);
      visit(census.first[c] + i, {lo, lo + meta.Requested()}, context);
    }
  }
}

bool FindSmallBlock(const HeapCensus& census, uptr addr, u64* number, AddressRange* block) {
  if (!InRegions(addr)) return false;
  const u32 c = ClassAt(addr);
  if (addr >= regions[c].next) return false;
  const uptr index = IndexAt(c, addr);
  const BlockMeta& meta = block_metas[c][index];
  if (meta.State() != BlockState::kLive) return false;
  *number = census.first[c] + index;
  block->lo = BeginOf(c, index);
  block->hi = block->lo + meta.Requested();
  return true;
}

bool NumberSmallBlock(const HeapCensus& census, uptr addr, SmallBlockNumber* out) {
  if (!InRegions(addr)) return false;
  const u32 c = ClassAt(addr);
  if (addr >= regions[c].next) return false;
  const uptr index = IndexAt(c, addr);
  *out = {census.first[c] + index, &block_metas[c][index]};
  return true;
}

}  // namespace csan
