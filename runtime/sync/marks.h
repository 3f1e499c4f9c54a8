// Events of one kind at an object, as far as some actor might not know of them: so that a later event of a
// kind that must be ordered with them can be told from one that nothing orders.
//
// A mark is an epoch. An event that a later one of the same kind knows is dropped, and so is an actor's
// earlier one: who does not know the dropped one does not know the later one either. So nothing is missed
// until kMarksMax actors at once have marks that do not know each other; then one is overwritten.
// A table by actor; costs a probe and some comparisons. Needs a lock of the object's.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

constexpr u32 kMarksMax = 1 << 16;

struct Mark {
  u32 slot;
  u32 epoch;  // in it; 0: no mark
  u32 actor;
  StackId site;
};

// Valid when zero.
class Marks {
 public:
  // Of the running actor `a`, at `site`. Nothing while there is but one actor, or no slot to be had.
  void Put(Actor* a, StackId site);
  // One that `a` does not know; null if it knows all.
  const Mark* Unknown(const Actor* a) const;
  void Free();

 private:
  static constexpr u32 kInline = 4;
  static constexpr u32 kProbes = 4;
  Mark* at() { return more_ != nullptr ? more_ : inline_; }
  u32 capacity() const { return more_ != nullptr ? capacity_ : kInline; }
  Mark* PlaceFor(const Actor* a);
  Mark* Grow(const Actor* a);

  Mark inline_[kInline];
  Mark* more_;
  u32 capacity_;
};

}  // namespace csan
