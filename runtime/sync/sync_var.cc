#include "sync/sync_var.h"

#include "memory/arena.h"
#include "platform/platform.h"

namespace csan {

constinit SyncVar* sync_vars = nullptr;

namespace {

// The first object of a cell has the cell's index; others come from behind those.
constexpr u32 kFirsts = 1u << kCellIndexBits;
constexpr u32 kCapacity = 2 * kFirsts;

constinit u32 used = kFirsts;
constinit u32 free_head = 0;
constinit u64 in_use = 0;
// Clocks of recycled objects keep their array, so these are for objects seen with > 16 slots once.
constinit Arena<sizeof(u32) * kClockCapacity * 64> clocks;
constinit SpinLock pool_lock;
constinit u32 most_taken = 0;  // of locks that are gone

u32 Allocate() {
  SpinGuard guard(pool_lock);
  u32 index = free_head;
  if (index != 0) {
    free_head = sync_vars[index].next;
  } else if (used < kCapacity) {
    index = used++;
  } else {
    return 0;
  }
  return index;
}

u32* AllocateClock() {
  static_assert(kClockCapacity % kClockStep == 0);
  SpinGuard guard(pool_lock);
  return static_cast<u32*>(clocks.Take(sizeof(u32) * kClockCapacity, "clocks"));
}

// The clock's array with room for `size` slots; what it held is kept, the rest is zero.
u32* Grow(SyncVar* sync, u32 size) {
  if (size <= sync->size) return sync->clock();
  u32* from = sync->clock();
  const u32 had = sync->size;
  if (size > SyncVar::kInline && sync->big == nullptr) {
    u32* big = AllocateClock();
    CopyInto(big, from, had);
    sync->big = big;
    from = big;
  } else if (size > SyncVar::kInline && from != sync->big) {
    CopyInto(sync->big, from, had);
  }
  sync->size = size;
  u32* clock = sync->clock();
  for (u32 i = had; i < size; i++) clock[i] = 0;
  return clock;
}

}  // namespace

void InitSyncVars() {
  sync_vars = static_cast<SyncVar*>(
      MapMemory(sizeof(SyncVar) * static_cast<uptr>(kCapacity), "synchronisation objects"));
}

SyncVar* MakeSync(Cell* cell, uptr addr) {
  const u32 first = static_cast<u32>(cell - cells);
  const u32 index = cell->sync == 0 ? first : Allocate();
  if (index == 0) return nullptr;
  SyncVar* sync = &sync_vars[index];
  sync->addr = addr;
  ClearSync(sync);
  sync->last_slot = kNoSlot;
  sync->last_epoch = 0;
  // More than the lock that was at this address before ever counted.
  sync->taken = __atomic_load_n(&most_taken, __ATOMIC_RELAXED);
  sync->lock_id = 0;
  sync->next = cell->sync;
  cell->sync = index;
  __atomic_fetch_add(&in_use, 1, __ATOMIC_RELAXED);
  return sync;
}

void FreeSyncs(Cell* cell) {
  Settle(cell);
  SpinGuard guard(pool_lock);
  while (cell->sync != 0) {
    const u32 index = cell->sync;
    cell->sync = sync_vars[index].next;
    if (most_taken < sync_vars[index].taken) {
      __atomic_store_n(&most_taken, sync_vars[index].taken, __ATOMIC_RELAXED);
    }
    if (index >= kFirsts) {
      sync_vars[index].next = free_head;
      free_head = index;
    }
    __atomic_fetch_sub(&in_use, 1, __ATOMIC_RELAXED);
  }
}

void AcquireFrom(Actor* a, SyncVar* sync) {
  if (sync->size == 0) return;
  if (KnowsRelease(a, sync)) return;
  if (CSAN_LIKELY(!slots_scarce)) {
    if (a->clock->size < sync->size) a->clock->size = sync->size;
    if (JoinInto(a->clock->at, sync->clock(), sync->size)) a->learnt = true;
    return;
  }
  if (Join(a->clock, sync->clock(), sync->islands, sync->size)) a->learnt = true;
}

void AcquireFirmlyFrom(Actor* a, SyncVar* sync) {
  if (sync->size == 0) return;
  if (CSAN_UNLIKELY(!KnowsFirmly(a, sync))) {
    if (sync->last_slot < kSlots) {
      LearnFirmly(a, sync->last_slot, sync->last_epoch);
    } else {
      JoinFirmly(a, sync->clock(), sync->size);
    }
  }
  AcquireFrom(a, sync);
}

void ReleaseStoreTo(Actor* a, SyncVar* sync) {
  if (CSAN_LIKELY(a->clock->size <= SyncVar::kInline && sync->size <= SyncVar::kInline)) {
    sync->size = a->clock->size;
    CopyInto(sync->small, a->clock->at, a->clock->size);
  } else {
    StoreClockTo(*a->clock, sync);
  }
  sync->last_slot = a->slot;
  sync->last_epoch = a->slot == kNoSlot ? 0 : *a->own_epoch;
  EndEpoch(a);
}

void ReleaseJoinTo(Actor* a, SyncVar* sync) {
  if (sync->size == 0 || KnowsRelease(a, sync)) {
    ReleaseStoreTo(a, sync);
    return;
  }
  JoinClockTo(*a->clock, sync);
  EndEpoch(a);
}

void StoreClockTo(const Clock& clock, SyncVar* sync) {
  sync->size = sync->size > clock.size ? clock.size : sync->size;
  CopyInto(Grow(sync, clock.size), clock.at, clock.size);
  CopyIslands(&sync->islands, clock.islands);
  sync->last_slot = kNoSlot;
}

void JoinClockTo(const Clock& clock, SyncVar* sync) {
  JoinKnown(Grow(sync, clock.size), &sync->islands, clock.at, clock.islands, clock.size);
  sync->last_slot = kNoSlot;
}

u32 AcquisitionsOf(uptr addr) {
  u32 taken = ~0u;
  Cell* cell = LockCell(UnitOf(addr), false);
  if (cell == nullptr) return taken;
  if (const SyncVar* sync = FindSync(cell, addr, false)) taken = sync->taken;
  UnlockCell(cell);
  return taken;
}

u64 SyncVarsInUse() { return __atomic_load_n(&in_use, __ATOMIC_RELAXED); }

}  // namespace csan
