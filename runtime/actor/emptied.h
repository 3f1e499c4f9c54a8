// The shadow stacks of fibers that wait: a page each would be most of what they cost.
//
// A path stands for all of a stack's entries, so the pages can be given back and the entries be written again
// before the fiber goes on, in the same place: functions keep addresses of it. Not of one that is deep, nor
// where the stack in use is a context's. Cost: a call of the kernel and a page fault, some microseconds.
#pragma once

#include "actor/actor.h"

namespace csan {

// Both of a suspended fiber, with its `kept_lock`.
void EmptyStack(Actor* a);
void RefillStack(Actor* a);

}  // namespace csan
