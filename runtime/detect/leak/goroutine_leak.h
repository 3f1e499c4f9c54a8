// Goroutines that can never run again, and those that are still there at the end. goroutine_leak.cc tells
// how.
#pragma once

#include "base/types.h"

namespace csan {

// Looks for actors that wait in vain, and for coroutines that do (coroutine_leak.h); stops the world while it
// looks. Returns how many findings are new.
u32 CheckLeaks(bool goroutines, bool coroutines);
// At exit: leaked ones, and by option all that are alive.
void ReportGoroutinesAtExit();

}  // namespace csan
