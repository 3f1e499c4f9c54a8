// What an atomic operation does to the clocks, with the cell of its unit locked.
//
// Release sequences are exact (C++20 [intro.races]): the clock of the object is what an acquire that
// reads its present value learns. A release store replaces it; a relaxed store empties it, or puts
// the clock of the storing actor's last release fence there; a read-modify-write keeps it and joins.
// Value and clock change together under the lock, so no acquire takes a clock that does not belong
// to the value it read. Relaxed loads are remembered for a later acquire fence only in programs
// that execute fences.
//
// A release ends the epoch, since what follows is not ordered before it. It need not while only one actor
// is live: no other can take what was released, and those that come are made by it, which ends the epoch.
// If the actor learns something meanwhile, its next release begins an epoch (PrepareRelease), because one
// epoch stands for one state of knowledge. What this can miss: races with a thread that was made unseen
// and becomes an actor later, in the rest of that epoch.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "shadow/cell.h"
#include "sync/sync_var.h"

namespace csan {

enum class Order : int { kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };

constexpr bool Acquires(Order o) {
  return o == Order::kConsume || o == Order::kAcquire || o == Order::kAcqRel || o == Order::kSeqCst;
}
constexpr bool Releases(Order o) {
  return o == Order::kRelease || o == Order::kAcqRel || o == Order::kSeqCst;
}

// Set by modules that contain fences, before their code runs.
extern bool fences_used;

// What an acquire of the present value would teach the actor, taken without the cell's lock: to be used only
// if neither the count of that lock has changed nor that of the object's.
struct ClockCopy {
  const SeqLock* lock;  // of the object; null: there is none
  u32 begin;            // its count
  u32 size;             // 0: nothing
  u32 slot, epoch;      // who has left it
  u32 at[16] __attribute__((aligned(64)));
};
// After a look at the copy: whether it and the value read since belong together.
CSAN_ALWAYS_INLINE bool Fits(const ClockCopy& copy, const Cell* cell, u32 begin) {
  return (copy.lock == nullptr || copy.lock->Unchanged(copy.begin)) && cell->lock.Unchanged(begin);
}
// False if it takes the lock to say. Not for relaxed loads in programs with fences.
bool CopyRelease(const Actor* a, const Cell* cell, uptr addr, ClockCopy* copy);
void LearnCopy(Actor* a, const ClockCopy& copy);

// The clock's half of a release store in a cell that says already that the epoch has stored there, with
// `begin` the count of its lock: null if it takes that lock. Else the object is locked, so that nobody takes
// the clock for that of the value before, by an exchange; the caller stores and unlocks it.
inline bool CanBeginStore(const Actor* a) {
  return !slots_scarce && a->clock->size <= SyncVar::kInline;
}
SyncVar* BeginStore(Actor* a, const Cell* cell, u32 begin, uptr addr);

void AtomicLoaded(Actor* a, Cell* cell, uptr addr, Order order);
void AtomicStored(Actor* a, Cell* cell, uptr addr, Order order);
void AtomicModified(Actor* a, Cell* cell, uptr addr, Order order);
void AtomicFence(Actor* a, Order order);

}  // namespace csan
