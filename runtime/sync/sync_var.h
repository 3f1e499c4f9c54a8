// Synchronisation objects: the clock that a release leaves and an acquire takes.
//
// An object belongs to the cell of its unit and is found through the shadow word at its address, so
// there is no global table and no lock but the cell's. All functions need that lock.
//
// Release by the holder of a lock replaces the clock; a read-modify-write joins into it (the release
// sequence goes on); a relaxed store empties it (the sequence is broken), C++20 [atomics.order].
// An acquire is O(1) if the releaser's epoch is known already: whoever knows an epoch at which an
// actor released knows all that the release published, because an actor that has learnt something
// since its last release begins a new epoch before the next. (An epoch of an island is known by at[]
// only to those who know all before it, so this holds with islands too, until gaps were filled.)
#pragma once

#include "actor/actor.h"
#include "actor/epoch.h"
#include "base/types.h"
#include "shadow/cell.h"

namespace csan {

// The first cache line is all that a release and an acquire touch in a program of up to eight slots.
//
// An atomic's store, where its cell has nothing to be changed, takes `lock` and looks whether the cell is
// unlocked still; who has locked the cell waits for `lock`. So one of the two goes first, mutexes pay a load,
// and the cell's line stays with all who read it.
struct alignas(64) SyncVar {
  static constexpr u32 kInline = 16;
  uptr addr;
  u32 next;       // in the unit, or in the free list
  u32 size;       // slots of the clock; 0: nothing to acquire
  u32 last_slot;  // who released last, kNoSlot if several did
  u32 last_epoch;
  SeqLock lock;
  u32 taken;  // as a lock: how often it has been acquired
  u32 small[kInline];
  u32* big;         // the clock if size > kInline, with room for kClockCapacity slots
  Islands islands;  // none unless slots are, or were, scarce
  u32 lock_id;      // as detect/lock_order knows it; 0: not yet

  u32* clock() { return size > kInline ? big : small; }
};
static_assert(sizeof(SyncVar) == 128);

extern SyncVar* sync_vars;
inline SyncVar* SyncAt(u32 index) { return &sync_vars[index]; }
// The first object that a cell has had: known from the tag in the shadow, so that both are asked for at
// once when they are on another core.
inline SyncVar* FirstSyncOf(u32 cell_index) { return &sync_vars[cell_index]; }

void InitSyncVars();
// The object at `addr` in a locked cell; null if absent and !create.
SyncVar* MakeSync(Cell* cell, uptr addr);
CSAN_ALWAYS_INLINE SyncVar* FindSync(Cell* cell, uptr addr, bool create) {
  for (u32 index = cell->sync; index != 0; index = SyncAt(index)->next) {
    SyncVar* const sync = SyncAt(index);
    if (sync->addr != addr) continue;
    sync->lock.Wait();
    return sync;
  }
  return create ? MakeSync(cell, addr) : nullptr;
}
// Waits for a store that has begun before the cell was locked.
CSAN_ALWAYS_INLINE void Settle(const Cell* cell) {
  if (cell->sync != 0) SyncAt(cell->sync)->lock.Wait();
}
// Frees all objects of the cell.
void FreeSyncs(Cell* cell);

// Whether the actor certainly knows all that the object's clock holds.
inline bool KnowsRelease(const Actor* a, const SyncVar* sync) {
  const u32 slot = sync->last_slot;
  return slot < kSlots && sync->last_epoch <= a->clock->at[slot] && gaps_filled == 0;
}

// An edge of any kind.
void AcquireFrom(Actor* a, SyncVar* sync);
// One that is not a lock's.
CSAN_ALWAYS_INLINE bool KnowsFirmly(const Actor* a, const SyncVar* sync) {
  if (!firm_order_counts) return true;
  return sync->last_slot < kSlots && sync->last_epoch <= a->firm->at[sync->last_slot];
}
void AcquireFirmlyFrom(Actor* a, SyncVar* sync);
// Both publish the actor's clock and end its epoch; PrepareRelease comes first.
void ReleaseStoreTo(Actor* a, SyncVar* sync);
void ReleaseJoinTo(Actor* a, SyncVar* sync);
// Stores or joins a clock that is not the actor's present one (a release fence's).
void StoreClockTo(const Clock& clock, SyncVar* sync);
void JoinClockTo(const Clock& clock, SyncVar* sync);
inline void ClearSync(SyncVar* sync) {
  sync->size = 0;
  if (CSAN_UNLIKELY(!sync->islands.none())) FreeIslands(&sync->islands);
}

// The lock's number, asked without locking its cell: 0 if it has none or there is much beside it.
CSAN_ALWAYS_INLINE u32 PeekLockId(uptr addr) {
  constexpr u32 kLooks = 4;
  const Word w = __atomic_load_n(WriteWord(UnitOf(addr)), __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(!IsCell(w))) return 0;
  u32 index = __atomic_load_n(&cells[CellIndex(w)].sync, __ATOMIC_ACQUIRE);
  for (u32 i = 0; i < kLooks && index != 0; i++) {
    const SyncVar* sync = SyncAt(index);
    if (sync->addr == addr) return __atomic_load_n(&sync->lock_id, __ATOMIC_RELAXED);
    index = sync->next;
  }
  return 0;
}

// How often the lock has been acquired, since it was first; ~0 if that is not known.
u32 AcquisitionsOf(uptr addr);

u64 SyncVarsInUse();

}  // namespace csan
