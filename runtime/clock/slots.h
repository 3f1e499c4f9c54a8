// Slots: the columns of the vector clocks and who used them when.
//
// An actor draws its epochs from a slot. It takes, in this order, the slot left last among those
// whose last epoch it knows (the column stays one totally ordered chain: a pool of 10 000 threads
// that are joined one after another needs one slot), else a slot never used, else one whose last
// epoch is in an island of its clock, else the one left longest ago. In the last two cases its epochs
// are an island (see islands.h) of the column. So any number of actors can be told apart as long as no
// more than kSlots are between an access and their next release; once slots are scarce, actors give
// theirs up at every release. Without a free slot an actor checks but does not record; counted.
#pragma once

#include "base/types.h"
#include "clock/clock.h"

namespace csan {

struct Attachment {
  u32 slot;        // kSlots: none is free
  u32 last_epoch;  // of the earlier owner
  u32 end;         // of the epochs that it has
  bool known;      // to the actor: its epochs continue the column
};

Attachment AttachSlot(u32 actor_id, const Clock& clock);
// The actor gives the slot up; its last epoch was `last_epoch`.
void DetachSlot(u32 slot, u32 last_epoch);
// Who made the access that `plain` stands for.
u32 OwnerOf(u32 slot, u32 epoch);

// Whether most slots have been in use at once.
extern bool slots_scarce;

// Before the first attachment: makes do with `count` slots, for tests.
void LimitSlots(u32 count);

// Whether slots whose window is at its end are so many, of those that nobody has attached, that it should
// move: who holds one without a release may do so for ever. And whether they are many of all.
bool WindowsWait();
bool ManyWindowsWait();
// Marks them all. Until the move has ended nobody gets one.
void BeginMove(bool* moving);
// No word of the older halves is left.
void EndMove(const bool* moving);

// Accesses that went unrecorded for want of a slot.
void CountRefusal();
u64 Refusals();

}  // namespace csan
