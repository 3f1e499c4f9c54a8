#include "detect/lock_order/place.h"

#include "actor/epoch.h"
#include "base/seq_lock.h"
#include "detect/lock_order/pool.h"

namespace csan::lock_order {
namespace {

constexpr u32 kSmallClock = 16;

// `firm` and then `held` follow.
struct Head {
  SeqLock lock;
  u32 actor, slot, epoch;
  u32 size, capacity;  // of the clock
  u16 held_count, held_capacity;
  uptr asked;
  u32* firm() { return reinterpret_cast<u32*>(this + 1); }
  HeldNote* held() { return reinterpret_cast<HeldNote*>(firm() + capacity); }
};
static_assert(sizeof(Head) == 40 && sizeof(HeldNote) % 8 == 0);

constinit Pool<u64, 1 << 28> words;

Head* HeadAt(u32 at) { return reinterpret_cast<Head*>(&words[at]); }

constexpr u32 SizeFor(u32 clock, u32 held) {
  return static_cast<u32>((sizeof(Head) + clock * sizeof(u32) + held * sizeof(HeldNote)) / 8);
}

u32 HeldKept(const Actor* a) { return a->held_count < Place::kHeld ? a->held_count : Place::kHeld; }

u32 NewPlace(const Actor* a) {
  const u32 capacity = a->firm.size <= kSmallClock ? kSmallClock : kClockCapacity;
  const u32 held = HeldKept(a);
  const u32 at = words.Take(SizeFor(capacity, held));
  if (at == 0) return 0;
  HeadAt(at)->capacity = capacity;
  HeadAt(at)->held_capacity = static_cast<u16>(held);
  return at;
}

void Write(const Actor* a, Word cur, Head* head) {
  head->actor = a->id;
  head->slot = SlotOf(cur);
  head->epoch = EpochOf(cur);
  head->size = a->firm.size;
  CopyInto(head->firm(), a->firm.at, a->firm.size);
  const u32 kept = HeldKept(a);
  const HeldLock* held = a->held + (a->held_count - kept);
  for (u32 i = 0; i < kept; i++) {
    head->held()[i] = {held[i].addr, held[i].number, held[i].taken, held[i].mode};
  }
  // One too many says that some are missing.
  head->held_count = static_cast<u16>(a->held_count > kept ? kept + 1 : kept);
}

}  // namespace

bool StorePlace(Actor* a, uptr asked, u32* at) {
  const Word cur = RecordingEpoch(a);
  if (cur == 0 || cur == kNoEpoch) return false;
  if (*at == 0 || HeadAt(*at)->capacity < a->firm.size) {
    const u32 fresh = NewPlace(a);
    if (fresh == 0) return false;
    __atomic_store_n(at, fresh, __ATOMIC_RELEASE);
  }
  Head* const head = HeadAt(*at);
  head->lock.Lock();
  head->asked = asked;
  Write(a, cur, head);
  head->lock.Unlock();
  return true;
}

bool LoadPlace(u32 at, Place* place) {
  if (at == 0) return false;
  Head* const head = HeadAt(at);
  constexpr u32 kTries = 1000;
  for (u32 i = 0; i < kTries; i++) {
    const u32 begin = head->lock.Begin();
    if ((begin & 1) != 0) continue;
    place->actor = head->actor;
    place->slot = head->slot;
    place->epoch = head->epoch;
    place->asked = head->asked;
    place->size = head->size;
    CopyInto(place->firm, head->firm(), head->capacity);
    place->whole = head->held_count <= head->held_capacity;
    place->held_count = place->whole ? head->held_count : head->held_capacity;
    for (u32 k = 0; k < place->held_count; k++) place->held[k] = head->held()[k];
    if (head->lock.Unchanged(begin)) return place->epoch != 0;
  }
  return false;
}

u64 PlacesRefused() { return words.refused(); }

}  // namespace csan::lock_order
