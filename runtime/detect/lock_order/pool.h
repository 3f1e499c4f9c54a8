// Records of one type that are never given back, numbered from 1: 4 bytes name one, and 0 is none.
//
// Beyond the first megabytes they lie in huge pages: they are looked at in no order, and a walk of the page
// tables for each costs more than its cache line.
//
// Address space for all of them is set aside at the first use and touched as they are taken. What comes
// after the last one is refused and counted: the detector then knows less, and says so in print_stats.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan::lock_order {

template <typename T, u32 kCapacity>
class Pool {
 public:
  T& operator[](u32 i) { return at_[i]; }
  const T& operator[](u32 i) const { return at_[i]; }
  // A zeroed record, or 0.
  u32 Take(u32 count = 1) {
    if (at_ == nullptr) {
      at_ = static_cast<T*>(MapMemory(sizeof(T) * static_cast<uptr>(kCapacity), "lock orders"));
      small_to_ = (Address(0) | (kHugePage - 1)) + 1 + kHugePage;
    }
    if (CSAN_UNLIKELY(kCapacity - used_ <= count)) {
      refused_++;
      return 0;
    }
    const u32 first = used_ + 1;
    used_ += count;
    while (CSAN_UNLIKELY(Address(used_ + 1) > small_to_)) {
      UseHugePages(small_to_, kHugePage);
      small_to_ += kHugePage;
    }
    return first;
  }
  u32 used() const { return used_; }
  u64 refused() const { return refused_; }

 private:
  uptr Address(u32 i) const { return reinterpret_cast<uptr>(at_ + i); }

  T* at_ = nullptr;
  uptr small_to_ = 0;
  u32 used_ = 0;
  u64 refused_ = 0;
};

}  // namespace csan::lock_order
