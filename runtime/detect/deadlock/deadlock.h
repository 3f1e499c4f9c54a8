// Deadlocks that have happened. deadlock.cc says how they are told from waiting.
#pragma once

#include "base/types.h"

namespace csan::deadlock {

// How often to look. Named within three looks and what the kernel takes to tell of each thread.
constexpr u32 kPeriodMs = 50;

// One look, by the watchdog alone. True if a deadlock was reported that had not been before.
bool Look();
// In a forked child, where nobody waits yet.
void Forget();

}  // namespace csan::deadlock
