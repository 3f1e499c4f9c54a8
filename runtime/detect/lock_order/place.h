// Where actors stood when they last made a request: kept beside the graph, written by the actor without the
// detector's lock and copied by others with it.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "detect/lock_order/witness.h"

namespace csan::lock_order {

// Writes where `a` stands now, before it has the lock `asked`, to the places numbered `*at`, or new ones.
// False, and nothing has changed, if the actor has no epoch to be known by or no memory is left.
bool StorePlace(Actor* a, uptr asked, u32* at);
// False if `at` is 0 or its actor writes on and on.
bool LoadPlace(u32 at, Place* place);

u64 PlacesRefused();

}  // namespace csan::lock_order
