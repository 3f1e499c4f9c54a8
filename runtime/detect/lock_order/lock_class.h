// Which locks count as one: each for itself, or, by option, all that were made at the same place, as the
// Linux kernel's lockdep does.
//
// The place is where the lock was initialised by a call, else where its memory was allocated and how far
// it lies behind that block's beginning; a lock in a global is alone. Cycles of such classes need not be
// cycles of locks: those that are not are told as notes (lock_order.h). Locks of one class held at once
// are left aside, because their order is mostly made by address or by rank. Held locks of one class count
// as gates though they may be two.
#pragma once

#include "base/types.h"
#include "detect/lock_order/held_set.h"
#include "trace/stack_table.h"

namespace csan::lock_order {

// The class of a lock of which no initialisation was told. Who calls holds the detector's lock.
LockId ClassAt(uptr addr);
LockId ClassMadeAt(StackId site, uptr addr);

}  // namespace csan::lock_order
