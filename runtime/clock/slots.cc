#include "clock/slots.h"

#include "base/spin_lock.h"
#include "platform/platform.h"
#include "shadow/word.h"

namespace csan {

constinit bool slots_scarce = false;

namespace {

// An actor needs some epochs to make attaching worth while.
constexpr u32 kRoomMin = 4096;

struct Segment {
  Segment* next;  // the earlier one
  u32 first_epoch;
  u32 actor;
};

struct SlotState {
  Segment* last;
  u32 last_epoch;
  bool attached;
};

constinit SpinLock slots_lock;
constinit SlotState slots[kSlots] = {};
constinit u32 slots_used = 0;
constinit Segment* segment_pool = nullptr;
constinit u32 segments_left = 0;
constinit u64 lossy = 0;
constinit u32 next_look = 0;

Segment* NewSegment() {
  if (segments_left == 0) {
    constexpr u32 kBatch = 4096;
    segment_pool = static_cast<Segment*>(MapMemory(sizeof(Segment) * kBatch, "slot segments"));
    segments_left = kBatch;
  }
  segments_left--;
  return segment_pool++;
}

bool HasRoom(const SlotState& s) { return s.last_epoch + kRoomMin < kMaxEpoch; }

u32 Choose(const Clock& clock, const Clock& dead) {
  u32 known_dead = kSlots;
  u32 any = kSlots;
  // From where the last search ended: the slot that was left longest ago is likeliest to be known.
  for (u32 k = 0; k < slots_used; k++) {
    const u32 i = (next_look + k) % slots_used;
    if (slots[i].attached || !HasRoom(slots[i])) continue;
    if (clock.at[i] >= slots[i].last_epoch) return i;
    if (dead.at[i] >= slots[i].last_epoch) known_dead = i;
    if (any == kSlots) any = i;
  }
  if (slots_used < kSlots) return slots_used++;
  slots_scarce = true;
  next_look = any == kSlots ? 0 : any + 1;
  if (known_dead != kSlots) return known_dead;
  if (any != kSlots) lossy++;
  return any;
}

}  // namespace

u32 AttachSlot(u32 actor_id, Clock* clock, const Clock& dead) {
  SpinGuard guard(slots_lock);
  const u32 slot = Choose(*clock, dead);
  if (slot == kSlots) {
    lossy++;
    return kSlots;
  }
  SlotState& s = slots[slot];
  s.attached = true;
  Segment* segment = NewSegment();
  segment->next = s.last;
  segment->first_epoch = s.last_epoch + 1;
  segment->actor = actor_id;
  __atomic_store_n(&s.last, segment, __ATOMIC_RELEASE);
  clock->Raise(slot, s.last_epoch);
  return slot;
}

void DetachSlot(u32 slot, u32 last_epoch) {
  SpinGuard guard(slots_lock);
  slots[slot].last_epoch = last_epoch;
  slots[slot].attached = false;
}

u32 OwnerOf(u32 slot, u32 epoch) {
  if (slot >= kSlots) return 0;
  for (Segment* s = __atomic_load_n(&slots[slot].last, __ATOMIC_ACQUIRE); s; s = s->next) {
    if (s->first_epoch <= epoch) return s->actor;
  }
  return 0;
}

u64 LossyHandOvers() { return __atomic_load_n(&lossy, __ATOMIC_RELAXED); }

}  // namespace csan
