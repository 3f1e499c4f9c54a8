// Synchronisation events: what front ends tell the core about objects that order the program.
//
// Memory ordering: Acquire(a) sees everything before every Release that a's clock still holds.
// Release joins the caller's clock into a's; ReleaseStore replaces it (a mutex, whose holder has
// acquired already). All functions are thread-safe, keep errno, and are no-ops before start-up and
// inside the runtime.
#pragma once

#include "base/types.h"
#include "clock/slots.h"
#include "trace/stack_table.h"

namespace csan {

struct Actor;

void Acquire(uptr addr);
void Release(uptr addr);
void ReleaseStore(uptr addr);
void ReleaseAcquire(uptr addr);

// Before a call that may wait for others: one who waits must not keep a slot that they may need.
void GiveUpSlot();
inline void BeforeWait() {
  if (CSAN_UNLIKELY(slots_scarce)) GiveUpSlot();
}

enum class LockMode : u8 { kWrite, kRead };

// After the real lock succeeded. A `robust` one tells who takes it next if its owner has died; one `of_fiber`
// is held by the fiber that runs, whatever thread goes on with it.
struct LockTraits {
  bool robust, of_fiber;
};
void OnLockAcquired(uptr addr, LockMode mode, uptr pc, LockTraits traits = {});
// Another actor runs on the thread from now on, and has those locks that are the thread's.
void TakeThreadsLocks(Actor* from, Actor* to);
// The locks that the first actor holds when a second one begins.
void NoteHeldLocks(Actor* a);
// With a limit set, which is done at start, a release calls this first for a lock held as long or longer.
struct LongHold {
  u32 limit_ms;
  void (*tell)(uptr addr, StackId taken, u32 held_ms, uptr pc);
};
extern LongHold long_hold;
// Before the real unlock: afterwards another thread may already hold or have destroyed the lock.
void OnLockReleased(uptr addr, LockMode mode, uptr pc);
void OnLockDestroyed(uptr addr, uptr pc);
// The memory holds a new synchronisation object: what an older one left there is forgotten.
void OnSyncObjectReset(uptr addr, uptr size);

}  // namespace csan
