// Stamps: epoch and site of cell entries, each on a cache line that only the entry's slot writes.
//
// Data that several actors access in every epoch (a counter, a flag, a table that all read) has a cell
// with an entry for each of them, renewed in every epoch. Were the epochs in the cell, its cache line
// would wander from core to core, and that is what such an access costs. So an entry that is renewed
// gives its epoch to a stamp of its slot; then nobody writes to the cell, and all keep a copy. An access
// without locks leaves its site there too, and nothing in the history.
//
// Memory: 8 bytes for each entry that has one. Without a free stamp entries are renewed in place.
//
// Thread-safety: a slot's owner takes stamps, anybody gives them back under the lock of the cell. The
// owner may write once more to a stamp given back under its hands; nobody else can have it by then.
#pragma once

#include "base/types.h"
#include "shadow/word.h"

namespace csan {

struct alignas(8) Stamp {
  Word epoch;  // plain, mask bits zero
  u32 site;    // of the access, in the stack table; 0 if the history has it
};

constexpr u32 kStampsPerSlot = 1u << kEpochBits;

struct alignas(64) StampPool {
  u32 used;      // stamps 1 to used have been taken once
  u32 free_own;  // the owner's list
  u32 returned;  // what others gave back since
};

extern Stamp* stamps;
extern u32* stamp_links;  // of a free stamp: the next free one of its slot
extern StampPool stamp_pools[kSlots];

void InitStamps();

// A reference has the form of a plain word: slot and, for the epoch, the stamp's number.
// Both fields at once.
CSAN_ALWAYS_INLINE Stamp LoadStamp(const Stamp* at) {
  const u64 raw = __atomic_load_n(reinterpret_cast<const u64*>(at), __ATOMIC_RELAXED);
  return {static_cast<Word>(raw), static_cast<u32>(raw >> 32)};
}
CSAN_ALWAYS_INLINE void StoreStamp(Stamp* at, Word epoch, u32 site) {
  __atomic_store_n(reinterpret_cast<u64*>(at), static_cast<u64>(site) << 32 | epoch,
                   __ATOMIC_RELAXED);
}
// A full barrier: what is read afterwards was not read before.
CSAN_ALWAYS_INLINE void SetStamp(Stamp* at, Word epoch, u32 site) {
  __atomic_exchange_n(reinterpret_cast<u64*>(at), static_cast<u64>(site) << 32 | epoch,
                      __ATOMIC_SEQ_CST);
}

CSAN_ALWAYS_INLINE uptr StampIndex(Word reference) {
  return static_cast<uptr>(SlotOf(reference)) * kStampsPerSlot + EpochOf(reference);
}
CSAN_ALWAYS_INLINE Stamp* StampOf(Word reference) { return &stamps[StampIndex(reference)]; }

// By the owner of the slot. 0 if there is none.
CSAN_ALWAYS_INLINE Word TakeStamp(u32 slot) {
  StampPool& pool = stamp_pools[slot];
  if (pool.free_own == 0 && __atomic_load_n(&pool.returned, __ATOMIC_RELAXED) != 0) {
    pool.free_own = __atomic_exchange_n(&pool.returned, 0u, __ATOMIC_ACQUIRE);
  }
  u32 number = pool.free_own;
  if (number != 0) {
    pool.free_own = stamp_links[StampIndex(MakeWord(slot, number, 0))];
  } else if (pool.used + 1 < kStampsPerSlot) {
    number = ++pool.used;
  } else {
    return 0;
  }
  return MakeWord(slot, number, 0);
}

CSAN_ALWAYS_INLINE void GiveStamp(Word reference) {
  StampPool& pool = stamp_pools[SlotOf(reference)];
  u32 head = __atomic_load_n(&pool.returned, __ATOMIC_RELAXED);
  do {
    stamp_links[StampIndex(reference)] = head;
  } while (!__atomic_compare_exchange_n(&pool.returned, &head, EpochOf(reference), true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

}  // namespace csan
