// What other files need of signal handlers.
#pragma once

#include "base/types.h"

namespace csan {

// The clocks of signals: sends release them, handlers and waits acquire them.
constexpr int kSignals = 65;
uptr SignalClock(int signal);
// Before the signal is sent; does nothing for a number that is none.
void ReleaseSignal(int signal);
// A clock that every handler acquires: whoever arms a timer releases it.
uptr TimerClock();

// Makes the handler that the C library has for one of its own signals wait while the runtime is at
// work. False if it has none.
bool WrapInternalHandler(int signal);

}  // namespace csan
