// Goroutines that can never run again, and those that are still there at the end. goroutine_leak.cc tells
// how.
#pragma once

#include "base/types.h"

namespace csan {

// Looks for actors that wait in vain, and for coroutines that do (coroutine_leak.h); stops the world while it
// looks. Returns how many findings are new. `at_exit`: this thread's stack keeps nothing alive any more.
u32 CheckLeaks(bool goroutines, bool coroutines, bool at_exit = false);
// Before the end, a moment for those who run to end or to wait.
void LetGoroutinesSettle();
// At exit: leaked ones, and by option all that are alive.
void ReportGoroutinesAtExit();

}  // namespace csan
