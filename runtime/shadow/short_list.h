// A list that is nearly always short, for the stack of whoever runs. That may be a goroutine, of whose stack
// each page that was touched once stays in memory as long as it waits; so only a few elements have room
// there, and a longer list goes to a block of memory that all threads share.
#pragma once

#include "base/types.h"

namespace csan {

constexpr uptr kLongListBytes = 16 << 10;
void* TakeLongList();
void GiveLongList(void* list);

template <typename T, u32 kShort, u32 kMost>
struct ShortList {
  static constexpr u32 kCapacity = kMost;
  static_assert(kMost * sizeof(T) <= kLongListBytes);
  u32 n = 0;
  T* at = few;
  T few[kShort];

  ShortList() = default;
  ShortList(const ShortList& from) {
    for (u32 i = 0; i < from.n; i++) Add(from.at[i]);
  }
  ShortList& operator=(const ShortList&) = delete;
  ~ShortList() {
    if (CSAN_UNLIKELY(at != few)) GiveLongList(at);
  }
  // Ignored when the list is full.
  void Add(const T& element) {
    if (CSAN_LIKELY(n < kShort) || MakeRoom()) at[n++] = element;
  }

 private:
  CSAN_NOINLINE bool MakeRoom() {
    if (at == few) {
      at = static_cast<T*>(TakeLongList());
      for (u32 i = 0; i < n; i++) at[i] = few[i];
    }
    return n < kMost;
  }
};

}  // namespace csan
