// What an actor writes to its history before it stamps the shadow.
#pragma once

#include "actor/actor.h"
#include "actor/epoch.h"
#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

// Room in the log for at least two entries, with epoch and lock set markers up to date.
void PrepareLog(Actor* a, Word cur);
void LogAccess(Actor* a, Word cur, uptr addr, uptr size, StackId site);
// Interned set of the locks the actor holds: a path whose nodes are, from the leaf, the stack where
// a lock was taken (as pc) and its address (note: write mode), again and again.
StackId CurrentLockSet(Actor* a);

}  // namespace csan
