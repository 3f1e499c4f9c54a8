// Dead epochs: those that every live actor knows. What was recorded under one can race with nothing any
// more, since later actors know what their creators know; it need not be kept or looked at.
//
// Thread-safety: monotone, so any value that is read is a safe one; refreshed by actor/.
#pragma once

#include "clock/clock.h"
#include "shadow/word.h"

namespace csan {

extern Clock dead_clock;
inline bool IsDead(Word plain) { return WholeEpoch(plain) <= dead_clock.at[SlotOf(plain)]; }

}  // namespace csan
