// Vector clocks: for each slot, the last epoch known to be ordered before the owner.
//
// Flat arrays: a join of 8 slots is one or two vector instructions and most programs use fewer.
// `size` bounds the slots that may be non-zero; it is a multiple of 8 so that loops need no tail.
#pragma once

#include "base/types.h"
#include "clock/islands.h"
#include "clock/window.h"
#include "shadow/word.h"

namespace csan {

constexpr u32 kClockCapacity = 256;
constexpr u32 kClockStep = 8;

constexpr u32 ClockSizeFor(u32 slot) { return (slot / kClockStep + 1) * kClockStep; }

struct alignas(64) Clock {
  u32 at[kClockCapacity];
  u32 size;         // kClockCapacity if there are islands
  Islands islands;  // see islands.h; none while there are enough slots

  // Islands left aside: may say no where it should be yes.
  bool Knows(Word plain) const { return WholeEpoch(plain) <= at[SlotOf(plain)]; }
  void Raise(u32 slot, u32 epoch) {
    if (size < ClockSizeFor(slot)) size = ClockSizeFor(slot);
    if (at[slot] < epoch) at[slot] = epoch;
  }
};

// into = max(into, from), slot by slot. Returns whether anything was learnt.
inline bool JoinInto(u32* __restrict into, const u32* __restrict from, u32 size) {
  u32 learnt = 0;
  for (u32 i = 0; i < size; i++) {
    const u32 theirs = from[i];
    const u32 ours = into[i];
    learnt |= static_cast<u32>(theirs > ours);
    into[i] = theirs > ours ? theirs : ours;
  }
  return learnt != 0;
}

inline void CopyInto(u32* __restrict into, const u32* __restrict from, u32 size) {
  for (u32 i = 0; i < size; i++) into[i] = from[i];
}

// As JoinInto, islands included. `into` has room for what `from` holds.
inline bool JoinKnown(u32* into, Islands* into_islands, const u32* from,
                      const Islands& from_islands, u32 size) {
  bool learnt = JoinInto(into, from, size);
  if (CSAN_UNLIKELY(!from_islands.none() || !into_islands->none())) {
    learnt |= JoinIslands(into, into_islands, from_islands);
  }
  return learnt;
}

inline bool Join(Clock* into, const u32* from, const Islands& from_islands, u32 size) {
  if (into->size < size) into->size = size;
  return JoinKnown(into->at, &into->islands, from, from_islands, size);
}
inline bool Join(Clock* into, const Clock& from) {
  return Join(into, from.at, from.islands, from.size);
}

}  // namespace csan
