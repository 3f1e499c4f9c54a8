// Epochs of an actor: consumed only when an access follows a release.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "clock/slots.h"
#include "shadow/word.h"

namespace csan {

// Starts a new epoch in the actor's slot: the first access after a release. 0 if BeginEpoch must do
// it. Integer code.
CSAN_ALWAYS_INLINE Word NextEpoch(Actor* a) {
  const u32 slot = a->slot;
  if (CSAN_UNLIKELY(slot == kNoSlot)) return 0;
  u32 epoch = *a->own_epoch + 1;
  epoch += (epoch & kMaxEpoch) == 0 ? 1 : 0;  // would look like none in a word
  if (CSAN_UNLIKELY(epoch >= a->epoch_end)) return 0;
  __atomic_store_n(a->own_epoch, epoch, __ATOMIC_RELAXED);
  a->known_set = 0;
  const Word cur = MakeWord(slot, epoch, kFullMask);
  SetCurrentWord(cur);
  return cur;
}

// As NextEpoch, but attaches a slot if the actor has none or its slot is used up. Returns the current
// word, 0 before the second actor, or kNoEpoch if no slot is to be had (then accesses are checked but
// not recorded).
Word BeginEpoch(Actor* a);

// The word under which an access made now is recorded.
inline Word RecordingEpoch(Actor* a) {
  const Word cur = CurrentWord();
  return cur == kNoEpoch ? BeginEpoch(a) : cur;
}

// Before the actor's clock is published: makes sure that the epoch that names it, if any, is one under
// which nothing less was published earlier. Once slots are scarce nothing is named: the actor must not
// keep a slot while it waits for the object's lock.
void PrepareRelease(Actor* a);

// Lets others have the slot while the actor has nothing to record. Its words stay.
void ReleaseSlot(Actor* a);
// The same of an actor that does not run.
void LeaveSlot(Actor* a);

// In a forked child: the actor is alone, as at the program's start, so nothing needs recording until there is
// another.
void StopRecording(Actor* a);

// Ends the epoch: what follows is not ordered before what is released now.
inline void EndEpoch(Actor* a) {
  SetCurrentWord(kNoEpoch);
  if (CSAN_UNLIKELY(slots_scarce)) ReleaseSlot(a);
}

}  // namespace csan
