// Epochs of an actor: consumed only when an access follows a release.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "shadow/word.h"

namespace csan {

// Starts a new epoch: the first access after a release. Attaches a slot if the actor has none or
// its slot is used up. Returns the current word, 0 before the second actor, or kNoEpoch if no slot
// is to be had (then accesses are checked but not recorded).
Word BeginEpoch(Actor* a);

// The word under which an access made now is recorded.
inline Word RecordingEpoch(Actor* a) {
  const Word cur = CurrentWord();
  return cur == kNoEpoch ? BeginEpoch(a) : cur;
}

// Ends the epoch: what follows is not ordered before what is released now.
inline void EndEpoch(Actor*) { SetCurrentWord(kNoEpoch); }

// Lets others have the slot while the actor has nothing to record. Its words stay.
void ReleaseSlot(Actor* a);

}  // namespace csan
