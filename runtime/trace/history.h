// Access history: where the earlier access of a race was made, however long ago.
//
// The shadow word has no room for a stack, so the cold path of each check appends one 8-byte entry
// {address, site} to the actor's log before it stamps the word. Markers say in which epoch and with
// which locks the following entries were made. An inlined hit appends nothing: it repeats what is
// recorded. Ranges take two entries.
//
//   63                       22 21        0
//  +---------------------------+-----------+
//  | address, bits 2..43       |   site    |   access; site is a leaf in the stack table
//  | kind(2) | payload (40)    | 0x3FFFFF  |   marker: epoch, lock set, length
//  +---------------------------+-----------+
//
// 44 bits tell every address that has a shadow: 0x5… is the image, 0xA… and above the mmap area.
//
// Memory: the log is compacted when it has doubled since the last time. An entry lives as long as a
// shadow word of its bytes still names its slot and epoch, so the log holds at most 2·L + 8192
// entries of 8 bytes, where L is the number of accesses whose words are still in the shadow.
//
// Thread-safety: the owner appends without a lock; refilling, compaction and readers hold `lock`.
// A stamp in the shadow implies that its entry is in the log (total store order).
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan {

constexpr u32 kMarkerSite = (1u << kStackIdBits) - 1;
constexpr u64 kLogAddressMask = (1ull << 44) - 4;
constexpr u32 kSizeLogRange = 15;

enum class Marker : u64 { kEpoch = 0, kLockSet = 1, kLength = 2 };

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
static_assert(LogAddress(LogEntry(0x7B9000000344, 5)) == 0x7B9000000344);
static_assert(LogAddress(LogEntry(0x55EA3FE8C330, 5)) == 0x55EA3FE8C330);

struct LogChunk {
  static constexpr u32 kEntries = 510;
  LogChunk* next;
  u64 count;  // valid entries; for the newest chunk the owner's cursor says
  u64 entries[kEntries];
};
static_assert(sizeof(LogChunk) == 4096);

struct FoundAccess {
  StackId site;
  uptr addr;  // exact
  uptr size;
  StackId lock_set;
};

class History {
 public:
  // Gives the owner room for at least 4 more entries. `epoch` and `lock_set` are those in force.
  void Refill(u64** cursor, u64** limit);
  // The owner is gone: drops dead entries and gives the rest back.
  void Close(u64** cursor, u64** limit);
  // The newest access to a byte of `granule` under `mask` made in the epoch of `word`. Prefers
  // writes if `want_write`, else reads. `cursor` is the owner's position, null for a closed log.
  bool Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found);

  u64 entries() const { return entries_; }

 private:
  void Compact();
  void Append(u64 entry);

  SpinLock lock_;
  LogChunk* first_ = nullptr;
  LogChunk* last_ = nullptr;
  u64 entries_ = 0;
  u64 threshold_ = 0;
  u64** cursor_ = nullptr;  // of the owner while it runs
};

}  // namespace csan
