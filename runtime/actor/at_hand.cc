#include "actor/at_hand.h"

#include "actor/emptied.h"
#include "actor/epoch.h"
#include "actor/knowledge.h"
#include "base/spin_lock.h"

namespace csan {
namespace {

// Whoever comes takes the next place.
template <u32 kPlaces>
class Places {
 public:
  // Who had the place that the actor gets, for which `place` is its number; null if nobody had, or if it has
  // one already.
  Actor* Take(Actor* a, u32* place) {
    if (__atomic_load_n(&at_[*place], __ATOMIC_RELAXED) == a) return nullptr;
    *place = __atomic_fetch_add(&next_, 1u, __ATOMIC_RELAXED) % kPlaces;
    Actor* const before = __atomic_exchange_n(&at_[*place], a, __ATOMIC_ACQ_REL);
    return before != a ? before : nullptr;
  }

 private:
  Actor* at_[kPlaces] = {};
  u32 next_ = 0;
};

constinit Places<1024> knowing;
constinit Places<4096> stacks;

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
  if (!a->suspended || a->clock == nullptr) return;
  if (a->kept) LeaveSlot(a);
  a->kept = false;
  if (a->slot != kNoSlot) return;
  Knowledge* const k = KnowledgeOf(a);
  a->aside = MakeAside(*k);
  __atomic_store_n(&a->clock, nullptr, __ATOMIC_RELEASE);
  __atomic_store_n(&a->firm, nullptr, __ATOMIC_RELEASE);
  FreeEmptied(k);
}

void KeepKnowledge(Actor* a) {
  if (Actor* before = knowing.Take(a, &a->hand_place)) PutAside(before);
}

void KeepStack(Actor* a) {
  Actor* const before = stacks.Take(a, &a->stack_place);
  if (before == nullptr) return;
  SpinGuard guard(before->kept_lock);
  if (before->suspended) EmptyStack(before);
}

}  // namespace

void KeepAtHand(Actor* a) {
  if (!a->fiber) return;
  // Whoever takes its places from now on finds this.
  __atomic_exchange_n(&a->suspended, true, __ATOMIC_SEQ_CST);
  KeepKnowledge(a);
  if (a->suspended_top != nullptr) KeepStack(a);
}

void TakeToHand(Actor* a) {
  a->suspended = false;
  Restore(a);
  RefillStack(a);
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
}

AtHand::~AtHand() {
  if (actor_ == nullptr) return;
  actor_->kept_lock.Unlock();
  if (back_) KeepKnowledge(actor_);
}

}  // namespace csan
