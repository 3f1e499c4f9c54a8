// Heads of the hash chains of a pool's records, as many as there are records, or half: they double in place.
//
// Who adds holds the detector's lock. Who looks need not: while chains are shared out anew it may miss a
// record, and asks again with the lock; a link always leads on to a record of the chain as it was.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan::lock_order {

constexpr u64 HashOf(u32 a, u32 b) {
  return (static_cast<u64>(a) << 32 | b) * 0x9E3779B97F4A7C15ull >> 32;
}

// `Chain` has the static functions NextOf(id), the link to the record after `id`, and Hash(id).
template <typename Chain, u32 kMost>
class Buckets {
 public:
  u32 First(u64 hash) const {
    const u32* const at = __atomic_load_n(&at_, __ATOMIC_ACQUIRE);
    if (CSAN_UNLIKELY(at == nullptr)) return 0;
    return __atomic_load_n(&at[hash & __atomic_load_n(&mask_, __ATOMIC_RELAXED)], __ATOMIC_ACQUIRE);
  }
  // The link to the first; after an Insert.
  u32* Link(u64 hash) { return &at_[hash & mask_]; }

  // To the front of its chain.
  void Insert(u32 id) {
    if (CSAN_UNLIKELY(at_ == nullptr)) {
      mask_ = kFew - 1;
      auto* at = static_cast<u32*>(MapMemory(sizeof(u32) * kMost, "lock orders"));
      __atomic_store_n(&at_, at, __ATOMIC_RELEASE);
    }
    ToFront(id);
    if (CSAN_UNLIKELY(++count_ > mask_) && mask_ + 1 < kMost) Double();
  }
  void ToFront(u32 id) {
    u32* const first = Link(Chain::Hash(id));
    Chain::NextOf(id) = *first;
    __atomic_store_n(first, id, __ATOMIC_RELEASE);
  }

 private:
  static constexpr u32 kFew = 1 << 8;

  void Double() {
    const u32 size = mask_ + 1;
    for (u32 i = 0; i < size; i++) {
      u32 id = at_[i];
      u32* low = &at_[i];
      u32* high = &at_[i + size];
      while (id != 0) {
        u32*& end = (Chain::Hash(id) & size) != 0 ? high : low;
        *end = id;
        end = &Chain::NextOf(id);
        id = *end;
      }
      *low = *high = 0;
    }
    __atomic_store_n(&mask_, 2 * size - 1, __ATOMIC_RELEASE);
  }

  u32* at_ = nullptr;
  u32 mask_ = 0;
  u32 count_ = 0;
};

}  // namespace csan::lock_order
