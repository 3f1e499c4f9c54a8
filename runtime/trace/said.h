// What the entries seen so far said, newest first, so that older repetitions can go: memory that is
// freed and handed out again within one epoch leaves many. A table that forgets, but never lies:
// keys are exact. Not thread-safe: of one collection.
#pragma once

#include "base/types.h"

namespace csan::trace {

class Said {
 public:
  // For a search through so many entries. Tables are recycled: collections follow one another closely.
  explicit Said(u64 entries);
  ~Said();
  Said(const Said&) = delete;
  Said& operator=(const Said&) = delete;

  // What was said in another epoch is no repetition.
  void NextEpoch();
  void Expect(uptr granule) { __builtin_prefetch(LineOf(granule)); }
  // Whether a newer entry said the same, of the same extent; remembers this one. `what` is the
  // entry's address in bits 8 and up, and below it offset (2), kind (2) and size (4).
  bool Repeats(uptr granule, u64 what, u64 extent) {
    if (slots_ == nullptr) return false;
    const u64 key = what << kGenerationBits | generation_;
    Slot* slot = LineOf(granule) + (what >> 4 & 3);
    if (slot->key == key && slot->extent == extent) return true;
    *slot = {key, extent};
    return false;
  }

 private:
  struct Slot {
    u64 key;
    u64 extent;
  };
  uptr Bytes() const { return (capacity_ + kLine) * sizeof(Slot); }
  // Entries of one address share a cache line, a slot for each kind.
  Slot* LineOf(uptr granule) {
    return &slots_[kLine +
                   (((granule * 0x9E3779B97F4A7C15ull) >> 24) & (capacity_ - 1) & ~(kLine - 1))];
  }
  static constexpr u64 kLine = 4;
  static constexpr u32 kGenerationBits = 14;
  static constexpr u64 kSmallCapacity = 1 << 14;
  static Slot* pool;  // of small tables, linked by their first words
  u64 capacity_ = kSmallCapacity;
  u64 generation_ = 0;
  Slot* slots_ = nullptr;  // [0] is the pool's
};

}  // namespace csan::trace
