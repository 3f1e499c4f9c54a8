#include "actor/at_hand.h"

#include "actor/epoch.h"
#include "actor/knowledge.h"
#include "base/spin_lock.h"

namespace csan {
namespace {

constexpr u32 kPlaces = 1024;
constinit Actor* places[kPlaces] = {};
constinit u32 next_place = 0;

Knowledge* KnowledgeOf(Actor* a) { return reinterpret_cast<Knowledge*>(a->clock); }
static_assert(__builtin_offsetof(Knowledge, clock) == 0);

// A process may be forked in between: who has a clock has no other record.
void SetKnowledge(Actor* a, Knowledge* k) {
  a->firm = &k->firm;
  __atomic_store_n(&a->clock, &k->clock, __ATOMIC_RELEASE);
}

void Restore(Actor* a) {
  if (a->clock != nullptr) return;
  Aside* const aside = a->aside;
  SetKnowledge(a, MakeWhole(*aside));
  FreeEmptied(aside);
}

// If it is still suspended.
void PutAside(Actor* a) {
  SpinGuard guard(a->kept_lock);
  if (!a->at_hand) return;
  if (a->kept) LeaveSlot(a);
  a->kept = false;
  if (a->slot != kNoSlot) return;
  a->at_hand = false;
  Knowledge* const k = KnowledgeOf(a);
  a->aside = MakeAside(*k);
  __atomic_store_n(&a->clock, nullptr, __ATOMIC_RELEASE);
  __atomic_store_n(&a->firm, nullptr, __ATOMIC_RELEASE);
  FreeEmptied(k);
}

void TakePlace(Actor* a) {
  if (__atomic_load_n(&places[a->hand_place], __ATOMIC_RELAXED) == a) return;
  const u32 place = __atomic_fetch_add(&next_place, 1u, __ATOMIC_RELAXED) % kPlaces;
  a->hand_place = place;
  Actor* const before = __atomic_exchange_n(&places[place], a, __ATOMIC_ACQ_REL);
  if (before != nullptr && before != a) PutAside(before);
}

}  // namespace

void KeepAtHand(Actor* a) {
  if (!a->fiber) return;
  // Whoever takes the place from now on finds this.
  __atomic_exchange_n(&a->at_hand, true, __ATOMIC_SEQ_CST);
  TakePlace(a);
}

void TakeToHand(Actor* a) {
  a->at_hand = false;
  Restore(a);
}

void BeginKnowledge(Actor* a) { SetKnowledge(a, NewKnowledge()); }

void EndKnowledge(Actor* a) {
  Restore(a);
  Free(KnowledgeOf(a));
  a->clock = nullptr;
  a->firm = nullptr;
}

bool LoadClock(const Actor* a, u32* at, u32* size) {
  SpinLock& lock = const_cast<Actor*>(a)->kept_lock;
  if (a->fiber && !lock.TryLock()) return false;
  if (const Clock* clock = a->clock) {
    *size = __atomic_load_n(&clock->size, __ATOMIC_RELAXED);
    for (u32 i = 0; i < *size; i++) at[i] = __atomic_load_n(&clock->at[i], __ATOMIC_RELAXED);
  } else {
    *size = a->aside->size;
    CopyClock(*a->aside, at);
  }
  if (a->fiber) lock.Unlock();
  return true;
}

AtHand::AtHand(Actor* a) : actor_(a->fiber && a != Self() ? a : nullptr), back_(false) {
  if (actor_ == nullptr) return;
  actor_->kept_lock.Lock();
  back_ = actor_->clock == nullptr;
  Restore(actor_);
  if (back_) actor_->at_hand = true;
}

AtHand::~AtHand() {
  if (actor_ == nullptr) return;
  actor_->kept_lock.Unlock();
  if (back_) TakePlace(actor_);
}

}  // namespace csan
