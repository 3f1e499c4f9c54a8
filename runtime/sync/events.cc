#include "sync/events.h"

#include "actor/actor.h"
#include "actor/held.h"
#include "platform/platform.h"
#include "platform/x86_64/prefetch.h"
#include "sync/attempts.h"
#include "sync/contention.h"
#include "sync/section.h"
#include "sync/sync_var.h"

namespace csan {

constinit LongHold long_hold = {};

namespace {

// While one actor has ever existed there is nobody to order.
Actor* Ordering() { return multi_actor ? Orderer() : nullptr; }

template <typename Action>
void WithSync(uptr addr, bool create, Action action) {
  Cell* cell = LockCell(UnitOf(addr), create);
  if (cell == nullptr) return;
  if (SyncVar* sync = FindSync(cell, addr, create)) action(sync);
  UnlockCell(cell);
}

// Locks that a lock takes within its own doing count: one that allocates takes the allocator's. Those of a
// region whose synchronisation the program wants ignored are held, but order nothing.
bool OrdersLocks(const Actor* a) { return multi_actor && a->ignored_sync == a->own_doing; }

// Counts wrap after 49 days, differences do not.
void TellIfLong(const HeldLock& lock, uptr pc) {
  const u32 held_ms = NowMs() - lock.since_ms;
  if (held_ms >= long_hold.limit_ms) long_hold.tell(lock.addr, lock.taken, held_ms, pc);
}

// Readers leave their clock beside the writers': a reader must not learn from other readers.
uptr ReaderClock(uptr addr) { return addr + 1; }

// Asks for what another core may have had last of a lock, while there is other work to do.
CSAN_ALWAYS_INLINE void PrefetchLock(uptr addr) {
  const Word w = __atomic_load_n(WriteWord(UnitOf(addr)), __ATOMIC_RELAXED);
  if (!IsCell(w)) return;
  Prefetch(&cells[CellIndex(w)], true);
  Prefetch(FirstSyncOf(CellIndex(w)), true);
}

// Takes what the lock's last holders left, and notes which of its acquisitions this is.
void AcquireLock(Actor* a, uptr addr, LockMode mode, HeldLock* held) {
  Cell* cell = LockCell(UnitOf(addr), lock_orders_watched);
  if (cell == nullptr) return;
  u32 number = 0;
  u32 id = 0;
  if (SyncVar* sync = FindSync(cell, addr, lock_orders_watched)) {
    AcquireFrom(a, sync);
    number = ++sync->taken;
    id = sync->lock_id;
  }
  if (mode == LockMode::kWrite) {
    if (SyncVar* readers = FindSync(cell, ReaderClock(addr), false)) AcquireFrom(a, readers);
  }
  UnlockCell(cell);
  if (!lock_orders_watched) return;
  if (held != nullptr) held->number = number, held->lock_id = id;
  NoteAcquired(a, addr, mode, number);
}

}  // namespace

void Acquire(uptr addr) {
  Actor* a = Ordering();
  if (a == nullptr) return;
  WithSync(addr, false, [a](SyncVar* sync) { AcquireFirmlyFrom(a, sync); });
}

void Release(uptr addr) {
  Actor* a = Ordering();
  if (a == nullptr) return;
  PrepareRelease(a);
  WithSync(addr, true, [a](SyncVar* sync) { ReleaseJoinTo(a, sync); });
}

void ReleaseStore(uptr addr) {
  Actor* a = Ordering();
  if (a == nullptr) return;
  PrepareRelease(a);
  WithSync(addr, true, [a](SyncVar* sync) { ReleaseStoreTo(a, sync); });
}

void ReleaseAcquire(uptr addr) {
  Actor* a = Ordering();
  if (a == nullptr) return;
  PrepareRelease(a);
  WithSync(addr, true, [a](SyncVar* sync) {
    // Takes before it gives, so that the clock left behind is the union.
    if (sync->size != 0) JoinFirmly(a, sync->clock(), sync->size);
    if (sync->size != 0 && Join(a->clock, sync->clock(), sync->islands, sync->size) &&
        a->slot != kNoSlot && CurrentWord() == kNoEpoch) {
      BeginEpoch(a);
    }
    ReleaseStoreTo(a, sync);
  });
}

void GiveUpSlot() {
  if (Actor* a = multi_actor ? Self() : nullptr) ReleaseSlot(a);
}

void OnLockAcquired(uptr addr, LockMode mode, uptr pc, LockTraits traits) {
  Actor* a = Self();
  if (a == nullptr) return;
  PrefetchLock(addr);
  HeldLock* held = nullptr;
  if (RoomForHeld(a)) {
    const u32 note = kNoteLock | (mode == LockMode::kWrite ? kNoteWrite : kNoteNone);
    const StackId site = SiteFor(a, StackTop(a), PackSite(pc, note, 0));
    held = &a->held[a->held_count++];
    const u32 since_ms = long_hold.limit_ms != 0 ? NowMs() : 0;
    *held = {addr, site, mode, traits.robust, traits.of_fiber, 0, 0, since_ms, 0};
  }
  if (CSAN_UNLIKELY(attempts_watched) && held != nullptr) NoteSucceeded(a, addr, held->taken);
  if (CSAN_UNLIKELY(contention_watched) && held != nullptr) {
    CountTaken(a, addr, held->taken, a->lock_wait_began_us);
    a->lock_wait_began_us = 0;
  }
  a->logged_epoch = kNotLogged;  // the next access opens a section that names the lock
  if (OrdersLocks(a)) AcquireLock(a, addr, mode, held);
}

void TakeThreadsLocks(Actor* from, Actor* to) {
  u32 kept = 0;
  for (u32 i = 0; i < from->held_count; i++) {
    const HeldLock lock = from->held[i];
    if (lock.of_fiber || !RoomForHeld(to)) {
      from->held[kept++] = lock;
      continue;
    }
    HeldLock* const taken = &to->held[to->held_count++];
    *taken = lock;
    taken->set = 0;
    if (!lock_orders_watched || !OrdersLocks(to)) continue;
    NoteReleased(from, lock.addr);
    NoteAcquired(to, lock.addr, lock.mode, lock.number);
  }
  from->held_count = kept;
  for (u32 i = 0; i < kept; i++) from->held[i].set = 0;
  from->logged_epoch = to->logged_epoch = kNotLogged;
}

void NoteHeldLocks(Actor* a) {
  if (!OrdersLocks(a)) return;
  for (u32 i = 0; i < a->held_count; i++) {
    AcquireLock(a, a->held[i].addr, a->held[i].mode, &a->held[i]);
  }
}

void OnLockReleased(uptr addr, LockMode mode, uptr pc) {
  Actor* a = Self();
  if (a == nullptr) return;
  if (const HeldLock* released = FindHeld(a, addr)) {
    if (CSAN_UNLIKELY(long_hold.limit_ms != 0)) TellIfLong(*released, pc);
    a->held_count--;
    for (auto i = static_cast<u32>(released - a->held); i < a->held_count; i++) {
      a->held[i] = a->held[i + 1];
      a->held[i].set = 0;
    }
  }
  if (!OrdersLocks(a)) return;
  PrepareRelease(a);
  if (lock_orders_watched) NoteReleased(a, addr);
  if (mode == LockMode::kWrite) {
    WithSync(addr, true, [a](SyncVar* sync) { ReleaseStoreTo(a, sync); });
  } else {
    WithSync(ReaderClock(addr), true, [a](SyncVar* sync) { ReleaseJoinTo(a, sync); });
  }
}

void OnLockDestroyed(uptr addr, uptr) { OnSyncObjectReset(addr, kUnit); }

void OnSyncObjectReset(uptr addr, uptr size) {
  for (uptr unit = UnitOf(addr); unit < addr + size; unit += kUnit) {
    Cell* cell = LockCell(unit, false);
    if (cell == nullptr) continue;
    FreeSyncs(cell);
    UnlockCell(cell);
  }
}

}  // namespace csan
