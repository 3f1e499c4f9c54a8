// Windows: which of a slot's epochs a word can mean.
//
// Clocks count a slot's epochs in 32 bits, and a word has room for the low 20. All words that name a slot
// lie in one window of at most 2^20 epochs, so they tell the whole epoch. It has two halves. At its end the
// slot is not handed out any more, until a sweep (detect/race/window_sweep.h) has taken the words of the
// older half out of the shadow: then the window moves by a half. So epochs do not run out, and what is lost
// are accesses that are half a million epochs of their slot old and that some actor still does not know of;
// they are counted.
//
// Thread-safety: while a window moves no word of its older half is left, and those of the other half mean the
// same before and after.
#pragma once

#include "base/types.h"
#include "shadow/word.h"

namespace csan {

extern u32 window_begin[1 << (32 - kSlotShift)];  // of each slot
extern u32 half_window;

CSAN_ALWAYS_INLINE u32 WholeEpoch(Word w) {
  const u32 begin = __atomic_load_n(&window_begin[SlotOf(w)], __ATOMIC_RELAXED);
  return begin + ((EpochOf(w) - begin) & kMaxEpoch);
}
inline u32 WindowEnd(u32 slot) { return window_begin[slot] + 2 * half_window; }

// Before the first attachment, for tests: halves of `epochs`, at most half of what a word can tell, of which
// the first begins after epoch `begin`.
void LimitWindows(u32 begin, u32 epochs);

}  // namespace csan
