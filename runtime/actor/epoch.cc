#include "actor/epoch.h"

#include "clock/slots.h"

namespace csan {

Word BeginEpoch(Actor* a) {
  if (!multi_actor) return 0;
  if (a->slot == kNoSlot || a->clock.at[a->slot] + 1 >= kMaxEpoch) {
    if (a->slot != kNoSlot) DetachSlot(a->slot, a->clock.at[a->slot]);
    RefreshDeadClock();
    const u32 slot = AttachSlot(a->id, &a->clock, dead_clock);
    a->slot = slot == kSlots ? kNoSlot : slot;
    a->known_write = 0;
    if (a->slot == kNoSlot) return kNoEpoch;
  }
  const u32 epoch = a->clock.at[a->slot] + 1;
  __atomic_store_n(&a->clock.at[a->slot], epoch, __ATOMIC_RELAXED);
  a->known_set = 0;
  const Word cur = MakeWord(a->slot, epoch, kFullMask);
  SetCurrentWord(cur);
  return cur;
}

void ReleaseSlot(Actor* a) {
  if (a->slot == kNoSlot) return;
  DetachSlot(a->slot, a->clock.at[a->slot]);
  a->slot = kNoSlot;
  if (multi_actor) SetCurrentWord(kNoEpoch);
}

}  // namespace csan
