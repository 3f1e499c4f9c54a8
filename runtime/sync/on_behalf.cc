#include "sync/on_behalf.h"

#include "actor/at_hand.h"
#include "sync/sync_var.h"

namespace csan {
namespace {

// What a running actor has recorded so far is in its clock, unless its slot is an island.
void Complete(Actor* a) {
  if (slots_scarce && a == Self()) ReleaseSlot(a);
}

void EndEpochOf(Actor* a) {
  if (a == Self()) EndEpoch(a);
}

template <typename Action>
void WithSync(Actor* a, uptr addr, bool create, Action action) {
  if (!multi_actor) return;
  Complete(a);
  AtHand at_hand(a);
  Cell* cell = LockCell(UnitOf(addr), create);
  if (cell == nullptr) return;
  if (SyncVar* sync = FindSync(cell, addr, create)) action(sync);
  UnlockCell(cell);
}

}  // namespace

void AcquireFor(Actor* a, uptr addr) {
  WithSync(a, addr, false, [a](SyncVar* sync) { AcquireFrom(a, sync); });
}

void ReleaseFor(Actor* a, uptr addr) {
  WithSync(a, addr, true, [a](SyncVar* sync) { JoinClockTo(*a->clock, sync); });
  if (multi_actor) EndEpochOf(a);
}

void PassFor(Actor* a, uptr addr) {
  WithSync(a, addr, true, [a](SyncVar* sync) {
    AcquireFrom(a, sync);
    StoreClockTo(*a->clock, sync);
  });
  if (multi_actor) EndEpochOf(a);
}

void Meet(Actor* a, Actor* b) {
  if (!multi_actor || a == b) return;
  Complete(a);
  Complete(b);
  AtHand first(a);
  AtHand second(b);
  if (Join(a->clock, *b->clock)) a->learnt = true;
  if (Join(b->clock, *a->clock)) b->learnt = true;
  EndEpochOf(a);
  EndEpochOf(b);
}

}  // namespace csan
