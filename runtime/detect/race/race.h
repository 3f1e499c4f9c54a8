// Data races: the entry points of the detector that front ends call.
#pragma once

#include "base/types.h"

namespace csan {

// Checks and records an access of `size` bytes at `addr` made by the caller of an intercepted
// function. `pc` is a return address in the program. Any alignment and size; 0 is nothing.
void OnAccess(uptr addr, uptr size, bool write, uptr pc);

// Races seen since start-up, counted per granule and before equal reports are folded.
u64 RaceCount();

}  // namespace csan
