#include "sync/atomic_access.h"

namespace csan {

constinit bool fences_used = false;

static_assert(sizeof(ClockCopy::at) == sizeof(SyncVar::small));

namespace {

// Whoever stores is done soon.
u32 BeginOf(const SeqLock& lock) {
  constexpr u32 kLooks = 64;
  u32 begin = lock.Begin();
  for (u32 i = 0; i < kLooks && (begin & 1) != 0; i++) {
    __builtin_ia32_pause();
    begin = lock.Begin();
  }
  return begin;
}

}  // namespace

bool CopyRelease(const Actor* a, const Cell* cell, uptr addr, ClockCopy* copy) {
  copy->lock = nullptr;
  copy->size = 0;
  const u32 index = __atomic_load_n(&cell->sync, __ATOMIC_RELAXED);
  if (index == 0) return true;
  const SyncVar* sync = SyncAt(index);
  copy->lock = &sync->lock;
  copy->begin = BeginOf(sync->lock);
  // Two objects in a unit are rare.
  if (sync->addr != addr || sync->next != 0) return false;
  const u32 size = __atomic_load_n(&sync->size, __ATOMIC_RELAXED);
  if (size == 0) return true;
  if (KnowsRelease(a, sync) && KnowsFirmly(a, sync)) return true;
  if (size > SyncVar::kInline || slots_scarce) return false;
  copy->size = size;
  copy->slot = sync->last_slot;
  copy->epoch = sync->last_epoch;
  CopyInto(copy->at, sync->small, copy->size);
  return true;
}

void LearnCopy(Actor* a, const ClockCopy& copy) {
  if (copy.size == 0) return;
  if (copy.slot < kSlots) {
    LearnFirmly(a, copy.slot, copy.epoch);
  } else {
    JoinFirmly(a, copy.at, copy.size);
  }
  if (a->clock->size < copy.size) a->clock->size = copy.size;
  if (JoinInto(a->clock->at, copy.at, copy.size)) a->learnt = true;
}

void AtomicLoaded(Actor* a, Cell* cell, uptr addr, Order order) {
  if (!Acquires(order) && !fences_used) return;
  SyncVar* sync = FindSync(cell, addr, false);
  if (sync == nullptr || sync->size == 0) return;
  if (Acquires(order)) {
    AcquireFirmlyFrom(a, sync);
  } else {
    Join(&FencesOf(a)->acquire, sync->clock(), sync->islands, sync->size);
  }
}

namespace {

bool HasReleased(const Fences* fences) { return fences != nullptr && fences->release.size != 0; }

// After a release in the epoch `cur`, which goes on if nobody lives who could take it.
void KeepEpoch(Actor* a, Word cur) {
  if (CSAN_LIKELY(!sole_actor) || cur == kNoEpoch || cur == 0 || slots_scarce) return;
  a->kept_epoch = cur;
  SetCurrentWord(cur);
}

}  // namespace

SyncVar* BeginStore(Actor* a, const Cell* cell, u32 begin, uptr addr) {
  const u32 index = __atomic_load_n(&cell->sync, __ATOMIC_RELAXED);
  if (index == 0 || !CanBeginStore(a)) return nullptr;
  SyncVar* const sync = SyncAt(index);
  if (!sync->lock.TryLock()) return nullptr;
  if (!cell->lock.Unchanged(begin) || sync->addr != addr || sync->next != 0 ||
      sync->size > SyncVar::kInline) {
    sync->lock.Unlock();
    return nullptr;
  }
  const Word cur = CurrentWord();
  ReleaseStoreTo(a, sync);
  KeepEpoch(a, cur);
  return sync;
}

void AtomicStored(Actor* a, Cell* cell, uptr addr, Order order) {
  if (Releases(order)) {
    const Word cur = CurrentWord();
    if (SyncVar* sync = FindSync(cell, addr, true)) {
      ReleaseStoreTo(a, sync);
      KeepEpoch(a, cur);
    }
    return;
  }
  if (HasReleased(a->fences)) {
    if (SyncVar* sync = FindSync(cell, addr, true)) StoreClockTo(a->fences->release, sync);
    return;
  }
  if (SyncVar* sync = FindSync(cell, addr, false)) ClearSync(sync);
}

void AtomicModified(Actor* a, Cell* cell, uptr addr, Order order) {
  AtomicLoaded(a, cell, addr, order);
  if (Releases(order)) {
    // What the acquire half has just learnt must not go out under an epoch published before.
    PrepareRelease(a);
    const Word cur = CurrentWord();
    if (SyncVar* sync = FindSync(cell, addr, true)) {
      ReleaseJoinTo(a, sync);
      KeepEpoch(a, cur);
    }
  } else if (HasReleased(a->fences)) {
    if (SyncVar* sync = FindSync(cell, addr, true)) JoinClockTo(a->fences->release, sync);
  }
}

void AtomicFence(Actor* a, Order order) {
  fences_used = true;
  if (Acquires(order) && a->fences != nullptr) {
    const Clock& read = a->fences->acquire;
    if (Join(a->clock, read)) a->learnt = true;
    JoinFirmly(a, read.at, read.size);
  }
  if (Releases(order)) {
    PrepareRelease(a);
    Clock& released = FencesOf(a)->release;
    released.size = a->clock->size;
    CopyIslands(&released.islands, a->clock->islands);
    CopyInto(released.at, a->clock->at, a->clock->size);
    EndEpoch(a);
  }
}

}  // namespace csan
