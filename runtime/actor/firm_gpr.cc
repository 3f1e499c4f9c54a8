// Integer code: a read's cold path comes here while the program's vector registers are live.
#include "actor/firm.h"

#include "actor/actor.h"
#include "base/seq_lock.h"
#include "clock/slots.h"

namespace csan {

constinit bool firm_order_counts = false;

namespace {

// Who has the slot, and what those knew who have left it.
constinit Actor* owners[kSlots] = {};
constinit u32 left[kSlots][kClockCapacity] = {};

// What the last one to leave knew, and when it had learnt that. 1.8 KB a slot that has ever been left.
struct Departed {
  SeqLock lock;
  FirmClock firm;
};
constinit Departed departed[kSlots] = {};

// Clocks are read while their actors go on: they only grow, so any value is one that was true.
u32 Load(const u32* at) { return __atomic_load_n(at, __ATOMIC_RELAXED); }
void Store(u32* at, u32 value) { __atomic_store_n(at, value, __ATOMIC_RELAXED); }

u32 OwnEpoch(const Actor* a) { return a->slot == kNoSlot ? 0 : *a->own_epoch; }

void Raise(Actor* a, u32 slot, u32 epoch) {
  FirmClock& firm = *a->firm;
  if (epoch <= firm.at[slot]) return;
  if (firm.size < ClockSizeFor(slot)) Store(&firm.size, ClockSizeFor(slot));
  // Told before it is known: who sees the new value finds the old one.
  const u32 own = OwnEpoch(a);
  firm.learnt[firm.learnt_count % FirmClock::kLearnt] = {own, slot, firm.at[slot]};
  Store(&firm.learnt_epoch, own);
  __atomic_store_n(&firm.learnt_count, firm.learnt_count + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&firm.at[slot], epoch, __ATOMIC_RELEASE);
  firm.version++;
}

void JoinInto(Actor* a, const u32* from, u32 size) {
  for (u32 i = 0; i < size; i++) Raise(a, i, Load(&from[i]));
}

// Takes back from `clock`, a copy, what the actor has learnt after `epoch`. False if that is no longer known.
bool TakeBack(const FirmClock& firm, u32 epoch, u32* clock) {
  const u32 count = __atomic_load_n(&firm.learnt_count, __ATOMIC_ACQUIRE);
  // The commonest answer, nothing, is beside the clock.
  if (Load(&firm.learnt_epoch) <= epoch) {
    return __atomic_load_n(&firm.learnt_count, __ATOMIC_ACQUIRE) - count < FirmClock::kLearnt;
  }
  u32 i = count;
  while (i != firm.learnt_from && count - i < FirmClock::kLearnt) {
    const FirmLearnt& learnt = firm.learnt[(i - 1) % FirmClock::kLearnt];
    if (learnt.epoch <= epoch || learnt.slot >= kClockCapacity) break;
    clock[learnt.slot] = learnt.before;
    i--;
  }
  return __atomic_load_n(&firm.learnt_count, __ATOMIC_ACQUIRE) - i < FirmClock::kLearnt;
}

// What the actor knew at the epoch, as far as it is known what it has learnt since. Returns the size.
u32 CopyAt(const FirmClock& firm, u32 epoch, u32* clock) {
  const u32 size = Load(&firm.size);
  for (u32 i = 0; i < size; i++) clock[i] = __atomic_load_n(&firm.at[i], __ATOMIC_ACQUIRE);
  if (!TakeBack(firm, epoch, clock)) {
    for (u32 i = 0; i < size; i++) clock[i] = Load(&firm.at[i]);
  }
  return size;
}

// What whoever had the slot at the epoch knew then, as a clock of the size returned.
u32 KnownAt(u32 slot, u32 epoch, u32* clock) {
  const Actor* owner = __atomic_load_n(&owners[slot], __ATOMIC_ACQUIRE);
  const FirmClock* firm =
      owner != nullptr ? __atomic_load_n(&owner->firm, __ATOMIC_ACQUIRE) : nullptr;
  const u32 from = firm != nullptr ? __atomic_load_n(&firm->own_from, __ATOMIC_ACQUIRE) : ~0u;
  if (epoch >= from) {
    const u32 size = CopyAt(*firm, epoch, clock);
    // Asked again: it may have left meanwhile, or wait, and another be in its place, even in its memory: but
    // that one has taken the slot later. (Clocks stay mapped.)
    if (owner == __atomic_load_n(&owners[slot], __ATOMIC_ACQUIRE) &&
        firm == __atomic_load_n(&owner->firm, __ATOMIC_ACQUIRE) &&
        from == __atomic_load_n(&firm->own_from, __ATOMIC_ACQUIRE)) {
      return size;
    }
  }
  const Departed& last = departed[slot];
  const u32 begin = last.lock.Begin();
  if (Load(&last.firm.own_from) != 0 && epoch >= Load(&last.firm.own_from)) {
    const u32 size = CopyAt(last.firm, epoch, clock);
    if (last.lock.Unchanged(begin)) return size;
  }
  for (u32 i = 0; i < kClockCapacity; i++) clock[i] = Load(&left[slot][i]);
  return kClockCapacity;
}

}  // namespace

__attribute__((preserve_all)) CSAN_NOINLINE void LearnFirmly(Actor* a, u32 slot, u32 epoch) {
  if (!firm_order_counts || slot >= kSlots || epoch <= a->firm->at[slot]) return;
  if (slot == a->slot && epoch >= a->firm->own_from) return;
  u32 known[kClockCapacity];
  const u32 size = KnownAt(slot, epoch, known);
  Raise(a, slot, epoch);
  JoinInto(a, known, size);
}

void JoinFirmly(Actor* a, const u32* at, u32 size) {
  if (firm_order_counts) JoinInto(a, at, size);
}

void LearnFirmlyFrom(Actor* a, const Actor* from) {
  JoinInto(a, from->firm->at, from->firm->size);
  if (from->slot != kNoSlot) Raise(a, from->slot, *from->own_epoch);
}

void JoinKnowledge(u32 slot, u32 epoch, u32* into) {
  u32 known[kClockCapacity];
  const u32 size = KnownAt(slot, epoch, known);
  for (u32 i = 0; i < size; i++) {
    if (into[i] < known[i]) into[i] = known[i];
  }
}

void OnSlotTaken(Actor* a) {
  __atomic_store_n(&a->firm->own_from, *a->own_epoch + 1, __ATOMIC_RELEASE);
  a->firm->learnt_from = a->firm->learnt_count;
  __atomic_store_n(&owners[a->slot], a, __ATOMIC_RELEASE);
}

namespace {

void KeepKnowledge(Actor* a) {
  Raise(a, a->slot, *a->own_epoch);
  for (u32 i = 0; i < a->firm->size; i++) {
    if (left[a->slot][i] < a->firm->at[i]) Store(&left[a->slot][i], a->firm->at[i]);
  }
  Departed& last = departed[a->slot];
  last.lock.Lock();
  __builtin_memcpy(&last.firm, a->firm, sizeof(last.firm));
  last.lock.Unlock();
}

}  // namespace

void OnSlotLeft(Actor* a) {
  // With so many actors that slots change hands all the time nobody asks what is firm.
  if (CSAN_UNLIKELY(slots_scarce)) return;
  if (firm_order_counts) KeepKnowledge(a);
  __atomic_store_n(&owners[a->slot], nullptr, __ATOMIC_RELEASE);
}

}  // namespace csan
