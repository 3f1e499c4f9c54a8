// Clocks put aside: who waits beside many others knows nearly what they know.
//
// The clock put aside last is the measure: one that differs from it in a few slots keeps these and a
// reference, else a copy of it is the measure from then on. So the more actors know the same, the less is
// kept, and never much more than 1 KB each. Cost: a comparison of 1 KB to put one aside, a copy to take it
// back.
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "clock/clock.h"
#include "shadow/word.h"

namespace csan {

// Does not change.
struct Measure {
  Measure* next;  // while nobody has it
  u32 users;
  u32 at[kClockCapacity];
};

// For clocks of one kind. Thread-safe.
class Measures {
 public:
  static constexpr u32 kDifferences = 24;  // words
  // By what `at` is kept, with the differences, for which there is room: a word each, or two. Until Drop.
  Measure* PutAside(const u32* at, Word* differences, u32* count);

 private:
  Measure* Last();
  Measure* Make(const u32* at);

  SpinLock lock_;
  Measure* last_ = nullptr;
};

// The clock that was put aside. All of `into` is written.
void TakeBack(const Measure& measure, const Word* differences, u32 count, u32* into);
void Drop(Measure* measure);

}  // namespace csan
