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
  u64 left_at;  // the number of times slots had been left by then
  bool attached;
};

constinit SpinLock slots_lock;
constinit SlotState slots[kSlots] = {};
constinit u32 slots_used = 0;
constinit Segment* segment_pool = nullptr;
constinit u32 segments_left = 0;
constinit u64 lossy = 0;
constinit u64 detaches = 0;

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
  u32 known = kSlots;
  u32 known_dead = kSlots;
  u32 unknown = kSlots;
  for (u32 i = 0; i < slots_used; i++) {
    const SlotState& s = slots[i];
    if (s.attached || !HasRoom(s)) continue;
    // The one left last: the actors of a chain (a lock handed round) share a few slots this way, and
    // the others stay known to those outside of it.
    if (clock.at[i] >= s.last_epoch && (known == kSlots || s.left_at > slots[known].left_at)) known = i;
    if (dead.at[i] >= s.last_epoch) known_dead = i;
    if (unknown == kSlots || s.left_at < slots[unknown].left_at) unknown = i;
  }
  if (known != kSlots) return known;
  if (slots_used < kSlots) return slots_used++;
  slots_scarce = true;
  if (known_dead != kSlots) return known_dead;
  if (unknown != kSlots) lossy++;
  return unknown;
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
  slots[slot].left_at = ++detaches;
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
