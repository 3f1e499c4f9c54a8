// Lock orders that could hang, found in runs that did not.
//
// State: the graph of requests (lock_graph.h), which gets one when a lock is asked for by who holds
// others, before it is known whether the lock is to be had; and for each request where its actor stood
// the last time (witness.h). A new request that closes a cycle is judged, and so is each later occurrence
// of one in a cycle that has no witness yet.
//
// Why it cannot accuse a correct program: a cycle is a `lock-order-inversion` only if there is a witness,
// an interleaving of parts of this very run after which each of its actors waits for the next. Same
// actor, gate locks, readers among themselves, whatever comes firmly in order: no cycle, or no witness.
// Attempts that do not wait for ever (try-locks, timed locks) are no requests, though what they take is
// held. A lock's identity ends with it, with its memory, and in a forked child with the parent's threads.
//
// Where only code without checks asks, whose reads are not seen, a cycle is a note.
// With locks taken in classes (lock_class.h) a cycle whose actors ask for others than those held is a note.
//
// What it can miss: cycles without a witness in this run (at exit a note, `possible-inversion`, unless
// orders other than the locks' explain them); cycles of more than kLongest locks; the mutex that a
// condition wait takes again; readers that would hang behind a waiting writer; occurrences of an unproven
// cycle after the first 64, but for each power of two; what the pools and lines named in the files have
// no room for.
//
// Cost: a comparison for a lock taken alone. For a nested one whose set and request are known two probes
// without a lock, a cache line each, the first one asked for before the lock is tried; and the actor's place,
// its clock and the acquisitions that it holds; from the 65th time on only if the last one is 16 epochs old.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// What the running actor is about to ask for.
struct LockRequest {
  u32 held;  // the set of locks; 0: nothing is asked
  u32 lock;  // 0: it has no number yet
  u32 hash;  // of both and the actor
};
LockRequest ExpectNested(Actor* a, uptr addr, LockMode mode);
void AskNested(Actor* a, const LockRequest& request, uptr addr, LockMode mode, uptr pc);

// The two halves of BeforeLock: what the second one needs is on its way into the cache meanwhile. In between
// is an attempt to take the lock, which takes its time.
CSAN_ALWAYS_INLINE LockRequest ExpectLock(uptr addr, LockMode mode) {
  Actor* a = Self();
  if (CSAN_LIKELY(a == nullptr || a->held_count == 0)) return {};
  return ExpectNested(a, addr, mode);
}
CSAN_ALWAYS_INLINE void AskForLock(const LockRequest& request, uptr addr, LockMode mode, uptr pc) {
  if (CSAN_UNLIKELY(request.held != 0)) AskNested(Self(), request, addr, mode, pc);
}

// Before a call that waits for a lock as long as it takes.
CSAN_ALWAYS_INLINE void BeforeLock(uptr addr, LockMode mode, uptr pc) {
  AskForLock(ExpectLock(addr, mode), addr, mode, pc);
}

// The call at `pc` makes a new lock.
void NameLock(uptr addr, uptr pc);

// At exit: the cycles that have found no witness.
void ReportPossibleInversions();
// In a forked child: the parent's threads ask for nothing here.
void ForgetOtherRequests();

u64 LockOrdersLost();

}  // namespace csan
