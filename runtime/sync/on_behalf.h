// Order between actors of which one may stand still while another acts for it: a receiver that takes the
// value of a parked sender and lets it go on.
//
// `a` runs, or has begun a told wait (actor/waiting.h) and is kept in it by a lock that the caller holds:
// then its epoch has ended: its clock is all that it did, and what it does later is a new epoch. Nothing
// released here is named by an epoch, so every acquire is a join: some nanoseconds for eight slots.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

void AcquireFor(Actor* a, uptr addr);
// Joins a's clock into the address's.
void ReleaseFor(Actor* a, uptr addr);
// a learns what the address holds, then leaves all that it knows there.
void PassFor(Actor* a, uptr addr);
// Each learns what the other knows.
void Meet(Actor* a, Actor* b);

}  // namespace csan
