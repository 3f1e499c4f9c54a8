// Objects at which others wait, used against their rules meanwhile: a condition waited at with a second
// mutex; conditions, semaphores and barriers destroyed, barriers made anew.
//
// Why none accuses a correct program: the waiter had told its wait before it, the kernel says that it stands
// at a word of the object in this moment (detect/blocked.h), so nobody has woken it, and the rules forbid the
// use as long as that is so. What it can miss: waits with a limit of time, and one that has been told but has
// not reached the kernel yet.
// Cost: front ends ask only where the object's own words say that somebody may be waiting; then a pass over
// the live actors. A wait at a condition, a load and a store.
#pragma once

#include "base/types.h"

namespace csan {

// The running actor is about to wait at the condition. `waited` if others do.
void CheckSecondMutex(uptr condition, uptr size, uptr mutex, bool waited, uptr pc);

// Somebody may be waiting at what is about to be destroyed, or made anew.
void CheckConditionDestroyed(uptr condition, uptr size, uptr pc);
void CheckSemaphoreDestroyed(uptr semaphore, uptr size, uptr pc);
void CheckBarrierDestroyed(uptr barrier, uptr size, uptr pc);
void CheckBarrierMadeAnew(uptr barrier, uptr size, uptr pc);

}  // namespace csan
