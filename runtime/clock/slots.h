// Slots: the columns of the vector clocks and who used them when.
//
// An actor draws its epochs from a slot. It takes, in this order, the slot left last among those
// whose last epoch it knows (the column stays one totally ordered chain, so nothing is lost: a pool
// of 10 000 threads that are joined one after another needs one slot), else a slot never used, else
// one whose epochs every live actor knows, else the one left longest ago. The last step may hide a
// race with the slot's earlier owner; it is counted. It never invents one: the new owner is taken to
// know more than it does. Without a free slot an actor checks but does not record; so once slots are
// scarce, actors give theirs up at every release.
#pragma once

#include "base/types.h"
#include "clock/clock.h"

namespace csan {

// Attaches `actor_id` and returns the slot, or kSlots if none is free; raises `clock` to the slot's
// last epoch where the chain is continued.
u32 AttachSlot(u32 actor_id, Clock* clock, const Clock& dead);
// The actor gives the slot up; its last epoch was clock.at[slot].
void DetachSlot(u32 slot, u32 last_epoch);
// Who made the access that `plain` stands for.
u32 OwnerOf(u32 slot, u32 epoch);

// Whether all slots have been in use at once.
extern bool slots_scarce;

u64 LossyHandOvers();

}  // namespace csan
