#include "actor/epoch.h"

#include "clock/slots.h"
#include "platform/platform.h"
#include "sync/section.h"

namespace csan {
namespace {

// How often an actor lets others run, once in an epoch, when no slot is free. Those who hold one are
// mostly about to give it up.
constexpr u32 kPatience = 16;

Attachment Attach(Actor* a) {
  Attachment got = AttachSlot(a->id, *a->clock);
  for (u32 i = 0; got.slot == kSlots && i < kPatience && !a->refused && !ManyWindowsWait(); i++) {
    Yield();
    got = AttachSlot(a->id, *a->clock);
  }
  a->refused = got.slot == kSlots;
  if (a->refused) CountRefusal();
  return got;
}

}  // namespace

Word BeginEpoch(Actor* a) {
  if (!multi_actor) return 0;
  if (const Word cur = NextEpoch(a)) return cur;
  ReleaseSlot(a);
  a->known_write = 0;
  const Attachment got = Attach(a);
  if (got.slot == kSlots) return kNoEpoch;
  a->slot = got.slot;
  a->epoch_end = got.end;
  static constinit u32 attachments = 0;
  a->attach = __atomic_add_fetch(&attachments, 1u, __ATOMIC_RELAXED);
  if (got.known) {
    a->clock->Raise(got.slot, got.last_epoch);
    a->own_epoch = &a->clock->at[got.slot];
  } else {
    a->clock->size = kClockCapacity;
    a->own_island = {got.slot, got.last_epoch + 1, got.last_epoch};
    a->own_epoch = &a->own_island.to;
  }
  OnSlotTaken(a);
  MoveSections(a);
  return NextEpoch(a);
}

void PrepareRelease(Actor* a) {
  if (CSAN_UNLIKELY(slots_scarce)) {
    ReleaseSlot(a);
  } else if (a->slot == kNoSlot ||
             (a->learnt && (CurrentWord() == kNoEpoch || CurrentWord() == a->kept_epoch))) {
    BeginEpoch(a);
  }
  a->learnt = false;
  a->refused = false;
}

void LeaveSlot(Actor* a) {
  if (a->slot == kNoSlot) return;
  OnSlotLeft(a);
  if (a->own_island.from != 0) AddIsland(a->clock->at, &a->clock->islands, a->own_island);
  DetachSlot(a->slot, *a->own_epoch);
  a->slot = kNoSlot;
  a->own_island = {};
}

void ReleaseSlot(Actor* a) {
  if (a->slot == kNoSlot) return;
  LeaveSlot(a);
  if (multi_actor) SetCurrentWord(kNoEpoch);
}

// Locks are noted as held again when there is a second actor; until then it is as if one had ended.
void StopRecording(Actor* a) {
  for (u32 i = 0; i < a->held_count; i++) NoteReleased(a, a->held[i].addr);
  KeepSections(a);
  ReleaseSlot(a);
  multi_actor = false;
  SetCurrentWord(0);
}

}  // namespace csan
