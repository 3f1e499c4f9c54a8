// Locks used against their rules. Front ends call these where the C library's own state of a lock says so;
// each reports once per place.
//
// Why none accuses a correct program: the lock's own words say that it is not locked, or who has it, and the
// list of locks that the actor holds does not have it either (a forked child unlocks what its parent's thread
// has locked; the list came with it). A lock is dead that says so: by the C library's own mark, or by one of
// ours in bytes that nobody uses, which every way to initialise it overwrites; zeroed memory is a valid lock.
// Functions that answer such a use with an error code are left alone: errorcheck, recursive and robust
// mutexes. What they can miss: a mutex of the C++ library destroyed while held (its destructor calls
// nothing), and a rule broken between the look and the call.
// Cost: a comparison or two in each unlock.
#pragma once

#include "base/types.h"
#include "sync/events.h"

namespace csan {

struct Actor;

// Whether the running actor has the lock in its list.
bool HoldsLock(uptr addr);

void ReportUnlockUnlocked(uptr addr, uptr pc);
// `owner` is the thread id of who has it, 0 if unknown.
// Its library has refused it.
void ReportUnlockRefused(uptr addr, uptr pc);
void ReportUnlockByOther(uptr addr, u64 owner, uptr pc);
// A lock that describes itself is unlocked in the mode in which the running actor does not hold it.
void ReportUnlockWrongMode(uptr addr, LockMode mode, uptr pc);
void ReportDestroyLocked(uptr addr, uptr pc);
// The lock or condition has been destroyed and not initialised again. `what` is done with it: "locks".
void ReportDestroyedUse(uptr addr, const char* what, uptr pc);
// The C library calls the lock's contents none that it has made.
void ReportInvalidLock(uptr addr, uptr pc);
void ReportDoubleLock(uptr addr, uptr pc);
void ReportSemaphoreOverflow(uptr addr, uptr pc);
void ReportWaitWithoutMutex(uptr condition, uptr mutex, uptr pc);
// The running actor ends: for each lock that it holds, but for robust mutexes, whose next owner is told. Or
// the program does, and wants to be told.
void ReportLocksAtExit();
void ReportLocksAtFiberEnd();
void ReportLocksAtProgramExit();
// Looks for locks that are held as long as the option says, if it does. Costs two clock readings for each
// lock then.
void LookForLongHolds();

}  // namespace csan
