// The shadow word: what one plane remembers of one granule (4 application bytes).
//
//   31       24 23                    4 3    0
//  +-----------+-----------------------+------+
//  |   slot    |         epoch         | mask |    plain: slot < 0xF8, epoch >= 1
//  +-----------+-----------------------+------+
//  | 1111 10 |          cell index            |    cell: the full record of 8 bytes
//  | 1111 110|          set index             |    set: interned list of plain words
//  | 1111 1111 0000 0000 0000 0000 0000 0001  |    freed
//  +------------------------------------------+
//
// 0 is "nothing that matters". The mask says which of the four bytes were accessed. A plain word is
// always a true past access of its slot: a lost update could only miss a race, never invent one.
// kNoEpoch is never stored, so an actor that has released and not accessed since hits no check.
#pragma once

#include "base/types.h"

namespace csan {

using Word = u32;

constexpr u32 kMaskBits = 4;
constexpr u32 kEpochBits = 20;
constexpr u32 kSlotShift = kMaskBits + kEpochBits;
constexpr u32 kSlots = 0xF8;
constexpr u32 kMaxEpoch = (1u << kEpochBits) - 1;
constexpr Word kFullMask = 0xF;
constexpr Word kTagged = 0xF8000000u;
constexpr Word kCellTag = 0xF8000000u;
constexpr u32 kCellIndexBits = 26;
constexpr Word kSetTag = 0xFC000000u;
constexpr u32 kSetIndexBits = 25;
constexpr Word kFreed = 0xFF000001u;
constexpr Word kNoEpoch = 0xFFFFFFFFu;

static_assert(kSlotShift + 8 == 32);
static_assert((kCellTag >> kCellIndexBits) == 0x3E && (kSetTag >> kSetIndexBits) == 0x7E);
static_assert((kSlots << kSlotShift) == kTagged);

constexpr bool IsPlain(Word w) { return w < kTagged; }
constexpr bool IsCell(Word w) { return (w >> kCellIndexBits) == 0x3E; }
constexpr bool IsSet(Word w) { return (w >> kSetIndexBits) == 0x7E; }
constexpr u32 SlotOf(Word w) { return w >> kSlotShift; }
// The low bits of an epoch; clock/window.h tells the whole.
constexpr u32 EpochOf(Word w) { return (w >> kMaskBits) & kMaxEpoch; }
constexpr u32 MaskOf(Word w) { return w & kFullMask; }
constexpr Word MakeWord(u32 slot, u32 epoch, u32 mask) {
  return (slot << kSlotShift) | ((epoch & kMaxEpoch) << kMaskBits) | mask;
}
// Same slot and same epoch; only meaningful for plain words.
constexpr bool SameEpoch(Word a, Word b) { return ((a ^ b) & ~kFullMask) == 0; }
// Whether the epoch of `epoch` has written all bytes of `mask`, by the granule's write word: what races
// with its read of them then races with that write.
constexpr bool WrittenIn(Word epoch, Word written, u32 mask) {
  return SameEpoch(written, epoch) && (mask & ~MaskOf(written)) == 0;
}
constexpr u64 Doubled(Word w) { return (static_cast<u64>(w) << 32) | w; }
constexpr u32 CellIndex(Word w) { return w & ((1u << kCellIndexBits) - 1); }
constexpr u32 SetIndex(Word w) { return w & ((1u << kSetIndexBits) - 1); }

}  // namespace csan
