#include "actor/epoch.h"

#include "clock/slots.h"

namespace csan {
namespace {
constinit u32 attaches = 0;
}

Word BeginEpoch(Actor* a) {
  if (!multi_actor) return 0;
  if (const Word cur = NextEpoch(a)) return cur;
  if (a->slot != kNoSlot) DetachSlot(a->slot, a->clock.at[a->slot]);
  // With very many actors the least clock is dear, and seldom of use.
  if (!slots_scarce || (++attaches & 63) == 0) RefreshDeadClock();
  const u32 slot = AttachSlot(a->id, &a->clock, dead_clock);
  a->slot = slot == kSlots ? kNoSlot : slot;
  a->known_write = 0;
  if (a->slot == kNoSlot) return kNoEpoch;
  return NextEpoch(a);
}

void ReleaseSlot(Actor* a) {
  if (a->slot == kNoSlot) return;
  DetachSlot(a->slot, a->clock.at[a->slot]);
  a->slot = kNoSlot;
  if (multi_actor) SetCurrentWord(kNoEpoch);
}

}  // namespace csan
