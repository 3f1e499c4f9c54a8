#include "clock/slots.h"

#include "base/spin_lock.h"
#include "clock/window.h"
#include "memory/arena.h"
#include "shadow/word.h"

namespace csan {

constinit bool slots_scarce = false;

namespace {

// An actor needs some epochs to make attaching worth while.
constexpr u32 kRoomMin = 4096;
// Actors that wait keep the slot they had before slots were scarce; the rest must do for all others.
constexpr u32 Plenty(u32 slots) { return slots * 3 / 4; }
// How many others must have been left since.
constexpr u32 Cold(u32 slots) { return slots / 8; }

struct Segment {
  Segment* next;  // the earlier one
  u32 first_epoch;
  u32 actor;
};

struct SlotState {
  Segment* last;
  u32 last_epoch;
  u64 left_at;  // the number of times slots had been left by then
  bool attached;
};

constinit SpinLock slots_lock;
constinit SlotState slots[kSlots] = {};
constinit u32 slots_used = 0;
constinit Arena<sizeof(Segment) * 4096> segments;
constinit u64 refused = 0;
constinit u64 detaches = 0;
constinit u32 left_last = kSlots;
constinit u32 slots_allowed = kSlots;
constinit u32 waiting = 0;   // of those used, for their window to move
constinit u32 attached = 0;  // now

bool HasRoom(u32 slot) { return slots[slot].last_epoch + kRoomMin < WindowEnd(slot); }

// A good share of so many slots.
bool WaitingAre(u32 of) {
  constexpr u32 kShare = 4;
  const u32 now = __atomic_load_n(&waiting, __ATOMIC_RELAXED);
  return now != 0 && now * kShare >= of;
}

bool Known(const Clock& clock, u32 slot) { return slots[slot].last_epoch <= clock.at[slot]; }
u32 NewSlot() {
  slots[slots_used].last_epoch = window_begin[slots_used];
  return slots_used++;
}
bool Free(u32 slot) { return !slots[slot].attached && HasRoom(slot); }
// The one of two that was left later; `best` may be none.
u32 Later(u32 best, u32 slot) {
  return best == kSlots || slots[slot].left_at > slots[best].left_at ? slot : best;
}

// So lately left that its last owner is likely to come back for it.
bool Hot(const SlotState& s) { return detaches - s.left_at < Cold(slots_allowed); }

// While slots are scarce each actor gives its own up at every release. It goes on in the one it had, and
// another takes none that was left a moment ago, known or not: who creates many actors would lose its slot
// to each, and each of them would have to remember all the islands that it then has.
u32 ChooseScarce(u32 actor_id, const Clock& clock) {
  u32 own = kSlots;
  u32 known = kSlots;
  u32 oldest = kSlots;
  for (u32 i = 0; i < slots_used; i++) {
    if (!Free(i)) continue;
    const SlotState& s = slots[i];
    if (s.last != nullptr && s.last->actor == actor_id) own = Later(own, i);
    if (Known(clock, i) && !Hot(s)) known = Later(known, i);
    if (oldest == kSlots || s.left_at < slots[oldest].left_at) oldest = i;
  }
  if (own != kSlots) return own;
  if (known != kSlots) return known;
  if (slots_used < slots_allowed) return NewSlot();
  const IslandList* const islands = clock.islands.list;
  for (u32 i = islands != nullptr ? islands->count : 0; i-- > 0;) {
    const Island& island = islands->own[i];
    if (Free(island.slot) && !Hot(slots[island.slot]) &&
        slots[island.slot].last_epoch <= island.to) {
      return island.slot;
    }
  }
  return oldest;
}

u32 Choose(u32 actor_id, const Clock& clock) {
  if (slots_scarce) return ChooseScarce(actor_id, clock);
  // Of the known ones the one left last: the actors of a chain (a lock handed round) share a few slots
  // this way, and the others stay known to those outside of it.
  if (left_last < slots_used && Free(left_last) && Known(clock, left_last)) return left_last;
  u32 known = kSlots;
  for (u32 i = 0; i < slots_used; i++) {
    if (Free(i) && Known(clock, i)) known = Later(known, i);
  }
  if (known != kSlots) return known;
  if (slots_used == slots_allowed || slots_used - waiting >= Plenty(slots_allowed)) {
    slots_scarce = true;
  }
  return slots_used == slots_allowed ? ChooseScarce(actor_id, clock) : NewSlot();
}

}  // namespace

Attachment AttachSlot(u32 actor_id, const Clock& clock) {
  SpinGuard guard(slots_lock);
  const u32 slot = Choose(actor_id, clock);
  if (slot == kSlots) return {kSlots, 0, 0, false};
  SlotState& s = slots[slot];
  s.attached = true;
  __atomic_store_n(&attached, attached + 1, __ATOMIC_RELAXED);
  const bool known = s.last == nullptr || Known(clock, slot);
  if (s.last == nullptr || s.last->actor != actor_id) {
    auto* segment = static_cast<Segment*>(segments.Take(sizeof(Segment), "slot segments"));
    segment->next = s.last;
    segment->first_epoch = s.last_epoch + 1;
    segment->actor = actor_id;
    __atomic_store_n(&s.last, segment, __ATOMIC_RELEASE);
  }
  return {slot, s.last_epoch, WindowEnd(slot), known};
}

void DetachSlot(u32 slot, u32 last_epoch) {
  SpinGuard guard(slots_lock);
  slots[slot].last_epoch = last_epoch;
  slots[slot].left_at = ++detaches;
  slots[slot].attached = false;
  __atomic_store_n(&attached, attached - 1, __ATOMIC_RELAXED);
  left_last = slot;
  if (!HasRoom(slot)) __atomic_fetch_add(&waiting, 1u, __ATOMIC_RELAXED);
}

bool WindowsWait() {
  const u32 held = __atomic_load_n(&attached, __ATOMIC_RELAXED);
  return WaitingAre(slots_allowed < held ? 0 : slots_allowed - held);
}
bool ManyWindowsWait() { return WaitingAre(slots_allowed); }

void BeginMove(bool* moving) {
  SpinGuard guard(slots_lock);
  for (u32 i = 0; i < kSlots; i++) moving[i] = !slots[i].attached && !HasRoom(i);
}

void EndMove(const bool* moving) {
  SpinGuard guard(slots_lock);
  for (u32 i = 0; i < kSlots; i++) {
    if (!moving[i]) continue;
    __atomic_store_n(&window_begin[i], window_begin[i] + half_window, __ATOMIC_RELAXED);
    waiting--;
  }
}

u32 OwnerOf(u32 slot, u32 epoch) {
  if (slot >= kSlots) return 0;
  for (Segment* s = __atomic_load_n(&slots[slot].last, __ATOMIC_ACQUIRE); s; s = s->next) {
    if (s->first_epoch <= epoch) return s->actor;
  }
  return 0;
}

void LimitSlots(u32 count) { slots_allowed = count < 1 ? 1 : count > kSlots ? kSlots : count; }

void CountRefusal() { __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED); }
u64 Refusals() { return __atomic_load_n(&refused, __ATOMIC_RELAXED); }

}  // namespace csan
