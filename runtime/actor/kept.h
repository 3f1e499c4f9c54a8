// Fibers that keep their slot while others run.
//
// A fiber that is left is like a thread that the kernel has stopped: what it recorded stays true, and if
// nothing was released meanwhile its epoch goes on when it does. So the few that were left last keep slot and
// epoch, and going back to one costs no new epoch, no slot, and no first accesses. Which few is decided by a
// table of places: who is left takes the next place, and who had that gives its slot up. Any number of
// fibers may be suspended; slots that are scarce are not kept.
//
// Thread-safety: a suspended fiber's slot is its own until `kept_lock` is held and `kept` is found false.
// Others may join its clock meanwhile (sync/on_behalf.h), which leaves the slot's own column as it is.
// Cost: a lock of the fiber's own on leaving and on going back.
#pragma once

#include "actor/actor.h"

namespace csan {

// The actor, which runs here, is left. The next epoch is a new one if `released`.
void KeepSlot(Actor* a, bool released);
// It runs again, on this thread or another, and what it knows is at hand. Returns the word that it goes on
// with.
Word TakeKept(Actor* a);
// It is over, and if it was suspended gives up what it has kept.
void EndKept(Actor* a);

}  // namespace csan
