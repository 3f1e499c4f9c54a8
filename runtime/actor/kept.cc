#include "actor/kept.h"

#include "actor/at_hand.h"
#include "actor/epoch.h"
#include "base/spin_lock.h"

namespace csan {
namespace {

constexpr u32 kPlaces = 16;
constinit Actor* places[kPlaces] = {};
constinit u32 next_place = 0;

void GiveUpKept(Actor* a) {
  SpinGuard guard(a->kept_lock);
  if (a->kept) LeaveSlot(a);
  a->kept = false;
}

}  // namespace

void EndKept(Actor* a) {
  GiveUpKept(a);
  SpinGuard guard(a->kept_lock);
  a->suspended = false;
}

void KeepSlot(Actor* a, bool released) {
  if (a->slot == kNoSlot) return;
  if (CSAN_UNLIKELY(slots_scarce)) {
    ReleaseSlot(a);
    return;
  }
  {
    SpinGuard guard(a->kept_lock);
    a->suspended_word = released ? kNoEpoch : CurrentWord();
    a->kept = true;
  }
  // Whoever takes the place from now on finds `kept`: the lock above was a full barrier.
  if (__atomic_load_n(&places[a->kept_place], __ATOMIC_RELAXED) == a) return;
  const u32 place = __atomic_fetch_add(&next_place, 1u, __ATOMIC_RELAXED) % kPlaces;
  a->kept_place = place;
  Actor* const before = __atomic_exchange_n(&places[place], a, __ATOMIC_ACQ_REL);
  if (before != nullptr && before != a) GiveUpKept(before);
}

Word TakeKept(Actor* a) {
  SpinGuard guard(a->kept_lock);
  TakeToHand(a);
  const bool kept = a->kept;
  a->kept = false;
  // In a forked child nobody but the thread that forked has a slot.
  return kept && a->slot != kNoSlot ? a->suspended_word : kNoEpoch;
}

}  // namespace csan
