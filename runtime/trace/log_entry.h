// An entry of an access history: 8 bytes that say who accessed which granule, or what follows is about.
//
//   63                       22 21        0
//  +---------------------------+-----------+
//  | address, bits 2..43       |   site    |   access or held lock; site is a leaf in the stack table
//  | kind(2) | payload (40)    | 0x3FFFFF  |   marker: section (epoch 28, locks 8), length, or run
//  +---------------------------+-----------+
//
// 44 bits tell every address that has a shadow: 0x5… is the image, 0xA… and above the mmap area.
#pragma once

#include "base/types.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan {

constexpr u32 kMarkerSite = (1u << kStackIdBits) - 1;
constexpr u64 kLogAddressMask = (1ull << 44) - 4;
constexpr u32 kLocksKept = 64;  // of those held, the last taken

enum class Marker : u64 { kSection = 0, kLength = 1, kRun = 2 };

// A run: the access before it was repeated at a constant distance.
constexpr u32 kRunStrideBits = 16;
constexpr u64 kRunCountMax = (1 << 24) - 1;
constexpr u64 RunPayload(u64 count, u64 stride) { return count << kRunStrideBits | stride; }

constexpr u64 LogEntry(uptr addr, StackId site) {
  return ((addr & kLogAddressMask) << (kStackIdBits - 2)) | site;
}
constexpr uptr LogAddress(u64 entry) {
  const uptr low = (entry >> (kStackIdBits - 2)) & kLogAddressMask;
  return low | (low >= 0xA0000000000 ? 0x700000000000 : 0x500000000000);
}
constexpr u64 LogMarker(Marker kind, u64 payload) {
  return (static_cast<u64>(kind) << 62) | ((payload & ((1ull << 40) - 1)) << kStackIdBits) |
         kMarkerSite;
}
// `locks` entries that name the locks follow.
constexpr u64 SectionMarker(Word epoch, u32 locks) {
  return LogMarker(Marker::kSection, (epoch >> kMaskBits) | static_cast<u64>(locks) << 28);
}
static_assert(LogAddress(LogEntry(0x7B9000000344, 5)) == 0x7B9000000344);
static_assert(LogAddress(LogEntry(0x55EA3FE8C330, 5)) == 0x55EA3FE8C330);

namespace trace {

inline StackId SiteOf(u64 entry) { return static_cast<StackId>(entry & kMarkerSite); }
inline bool IsMarker(u64 entry) { return SiteOf(entry) == kMarkerSite; }
inline Marker KindOf(u64 entry) { return static_cast<Marker>(entry >> 62); }
inline bool IsSection(u64 entry) { return IsMarker(entry) && KindOf(entry) == Marker::kSection; }
inline bool IsExtent(u64 entry) { return IsMarker(entry) && KindOf(entry) != Marker::kSection; }
inline u64 PayloadOf(u64 entry) { return (entry >> kStackIdBits) & ((1ull << 40) - 1); }
inline Word EpochWordOf(u64 marker) {
  return static_cast<Word>(PayloadOf(marker) & ((1ull << 28) - 1)) << kMaskBits;
}
inline u32 LocksOf(u64 marker) { return static_cast<u32>(PayloadOf(marker) >> 28); }
inline uptr RunCount(u64 payload) { return payload >> kRunStrideBits; }
inline uptr RunStride(u64 payload) { return payload & ((1u << kRunStrideBits) - 1); }

// Of the pc_note of an access's leaf in the stack table.
inline u32 NoteOf(u64 pc_note) { return static_cast<u32>(pc_note >> 48) & 0xFF; }
inline uptr OffsetOf(u64 pc_note) { return (pc_note >> 60) & 3; }
inline u32 SizeCodeOf(u64 pc_note) { return static_cast<u32>(pc_note >> 56) & 0xF; }

}  // namespace trace
}  // namespace csan
