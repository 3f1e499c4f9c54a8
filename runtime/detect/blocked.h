// Who stands at an object: asked of the kernel, when something is about to be reported.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// "waits for the mutex"
const char* WaitsFor(const Wait& wait);

struct Blocked {
  u32 actor;
  uptr with;  // the mutex, of a condition
  StackId site;
};

// An actor that waits in a function for `what` at the object, and for a condition with another mutex than
// `not_with`. It had been told before the call that waits, and the kernel says that the thread stands in a
// futex wait without a limit of time at a word of the object: so nobody has woken it. False if there is
// none, also where /proc is not mounted. Costs a pass over the live actors, and two files for who waits.
bool FindBlocked(Wait::For what, uptr object, uptr size, uptr not_with, Blocked* found);

}  // namespace csan
