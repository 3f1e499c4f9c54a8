// Finds the records of a pool by a hash of what they hold: open addressing with linear probing (Knuth, The
// Art of Computer Programming, 6.4, algorithms L and R). A slot holds a record's number and some bits of its
// hash, so hardly any record is touched but the one.
//
// Who changes it holds the detector's lock. Who looks need not: while slots are moved it may miss a record,
// and asks again with the lock. Memory: 5 to 11 bytes a record, each table in its own pages, which are given
// back once there is a larger one; who still looks there finds nothing.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan::lock_order {

constexpr u32 HashOf(u32 a, u32 b) {
  return static_cast<u32>((static_cast<u64>(a) << 32 | b) * 0x9E3779B97F4A7C15ull >> 32);
}

// Of records with numbers below kMost, a power of two. `Key` has the static function Hash(id).
template <typename Key, u32 kMost>
class Index {
 public:
  // The record with that hash for which is(id) holds, or 0.
  template <typename Is>
  CSAN_ALWAYS_INLINE u32 Find(u32 hash, Is is) const {
    const u32 size = __atomic_load_n(&size_, __ATOMIC_ACQUIRE);
    if (CSAN_UNLIKELY(size == 0)) return 0;
    for (u32 i = hash;; i++) {
      const u32 slot = __atomic_load_n(At(size, i), __ATOMIC_ACQUIRE);
      if (slot == 0) return 0;
      if (((slot ^ hash) & kTag) == 0 && is(slot & ~kTag)) return slot & ~kTag;
    }
  }

  // Has the cache ask for where Find will look first.
  void Prefetch(u32 hash) const {
    const u32 size = __atomic_load_n(&size_, __ATOMIC_RELAXED);
    __builtin_prefetch(At(size, size == 0 ? 0 : hash));
  }

  void Insert(u32 id) {
    if (CSAN_UNLIKELY(size_ == 0)) Begin();
    if (CSAN_UNLIKELY(++count_ > size_ / 4 * 3)) Double();
    Put(size_, Key::Hash(id), id);
  }
  // In the place of another record with the same hash.
  void Replace(u32 id, u32 with) { Set(Seek(id), SlotFor(Key::Hash(with), with)); }
  void Remove(u32 id) {
    u32 hole = Seek(id);
    for (u32 i = hole + 1;; i++) {
      const u32 slot = *At(size_, i);
      if (slot == 0) break;
      const u32 probes = (i - Key::Hash(slot & ~kTag)) & (size_ - 1);
      if (probes < i - hole) continue;
      Set(hole, slot);
      hole = i;
    }
    Set(hole, 0);
    count_--;
  }
  // While nobody else looks.
  void Clear() {
    if (size_ != 0) ReleasePages(reinterpret_cast<uptr>(At(size_, 0)), sizeof(u32) * size_);
    count_ = 0;
  }

 private:
  static constexpr u32 kFew = 1 << 10;  // a page
  static constexpr u32 kTag = ~(kMost - 1);
  static_assert((kMost & (kMost - 1)) == 0 && kMost <= 1u << 28);

  static u32 SlotFor(u32 hash, u32 id) { return (hash & kTag) | id; }
  // A table lies as far behind the beginning as it is large.
  u32* At(u32 size, u32 i) const { return at_ + (size + (i & (size - 1))); }
  void Set(u32 i, u32 slot) { __atomic_store_n(At(size_, i), slot, __ATOMIC_RELEASE); }
  // The slot of a record that is there.
  u32 Seek(u32 id) const {
    u32 i = Key::Hash(id);
    while ((*At(size_, i) & ~kTag) != id) i++;
    return i;
  }
  void Put(u32 size, u32 hash, u32 id) {
    u32 i = hash;
    while (*At(size, i) != 0) i++;
    __atomic_store_n(At(size, i), SlotFor(hash, id), __ATOMIC_RELEASE);
  }

  void Begin() {
    const uptr space = sizeof(u32) * 4 * kMost + kHugePage;
    const uptr at = reinterpret_cast<uptr>(MapMemory(space, "lock orders"));
    at_ = reinterpret_cast<u32*>((at | (kHugePage - 1)) + 1);
    __atomic_store_n(&size_, kFew, __ATOMIC_RELEASE);
  }
  void Double() {
    const u32 old = size_;
    const uptr bytes = sizeof(u32) * 2 * old;
    // A process forked in the middle of this has half of it there.
    ReleasePages(reinterpret_cast<uptr>(At(2 * old, 0)), bytes);
    if (bytes >= kHugePage) UseHugePages(reinterpret_cast<uptr>(At(2 * old, 0)), bytes);
    for (u32 i = 0; i < old; i++) {
      const u32 id = *At(old, i) & ~kTag;
      if (id != 0) Put(2 * old, Key::Hash(id), id);
    }
    __atomic_store_n(&size_, 2 * old, __ATOMIC_RELEASE);
    ReleasePages(reinterpret_cast<uptr>(At(old, 0)), sizeof(u32) * old);
  }

  u32* at_ = nullptr;
  u32 size_ = 0;
  u32 count_ = 0;
};

}  // namespace csan::lock_order
