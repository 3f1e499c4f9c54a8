// Integer code: a read's cold path comes here while the program's vector registers are live.
#include "actor/firm.h"

#include "actor/actor.h"
#include "clock/slots.h"

namespace csan {
namespace {

// Who has the slot, and what those knew who have left it.
constinit Actor* owners[kSlots] = {};
constinit u32 left[kSlots][kClockCapacity] = {};

bool JoinAt(u32* into, const u32* from, u32 size) {
  bool learnt = false;
  for (u32 i = 0; i < size; i++) {
    // They only grow, so any value is one that was true.
    const u32 theirs = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
    if (theirs <= into[i]) continue;
    __atomic_store_n(&into[i], theirs, __ATOMIC_RELAXED);
    learnt = true;
  }
  return learnt;
}

bool JoinRacing(FirmClock* into, const u32* from, u32 size) {
  const bool learnt = JoinAt(into->at, from, size);
  if (into->size < size) __atomic_store_n(&into->size, size, __ATOMIC_RELAXED);
  return learnt;
}

void Raise(FirmClock* clock, u32 slot, u32 epoch) {
  if (clock->size < ClockSizeFor(slot)) {
    __atomic_store_n(&clock->size, ClockSizeFor(slot), __ATOMIC_RELAXED);
  }
  if (clock->at[slot] < epoch) __atomic_store_n(&clock->at[slot], epoch, __ATOMIC_RELAXED);
}

}  // namespace

__attribute__((preserve_all)) CSAN_NOINLINE void LearnFirmly(Actor* a, u32 slot, u32 epoch) {
  FirmClock& firm = a->firm;
  if (slot >= kSlots || epoch <= firm.at[slot]) return;
  if (slot == a->slot && epoch >= firm.own_from) return;
  firm.version++;
  Raise(&firm, slot, epoch);
  const Actor* owner = __atomic_load_n(&owners[slot], __ATOMIC_ACQUIRE);
  if (owner != nullptr) {
    JoinRacing(&firm, owner->firm.at, __atomic_load_n(&owner->firm.size, __ATOMIC_RELAXED));
  }
  // Asked afterwards: it may have left meanwhile, and another thread be in its place.
  if (owner == nullptr || owner != __atomic_load_n(&owners[slot], __ATOMIC_ACQUIRE) ||
      epoch < owner->firm.own_from) {
    JoinRacing(&firm, left[slot], kClockCapacity);
  }
}

void JoinFirmly(Actor* a, const u32* at, u32 size) {
  if (JoinRacing(&a->firm, at, size)) a->firm.version++;
}

void LearnFirmlyFrom(Actor* a, const Actor* from) {
  JoinFirmly(a, from->firm.at, from->firm.size);
  if (from->slot == kNoSlot || *from->own_epoch <= a->firm.at[from->slot]) return;
  Raise(&a->firm, from->slot, *from->own_epoch);
  a->firm.version++;
}

void JoinKnowledgeOf(u32 slot, u32* into) {
  if (const Actor* owner = __atomic_load_n(&owners[slot], __ATOMIC_ACQUIRE)) {
    JoinAt(into, owner->firm.at, __atomic_load_n(&owner->firm.size, __ATOMIC_RELAXED));
  }
  JoinAt(into, left[slot], kClockCapacity);
}

void OnSlotTaken(Actor* a) {
  a->firm.own_from = *a->own_epoch + 1;
  __atomic_store_n(&owners[a->slot], a, __ATOMIC_RELEASE);
}

void OnSlotLeft(Actor* a) {
  // With so many actors that slots change hands all the time nobody asks what is firm.
  if (CSAN_UNLIKELY(slots_scarce)) return;
  Raise(&a->firm, a->slot, *a->own_epoch);
  for (u32 i = 0; i < a->firm.size; i++) {
    if (left[a->slot][i] < a->firm.at[i]) {
      __atomic_store_n(&left[a->slot][i], a->firm.at[i], __ATOMIC_RELAXED);
    }
  }
  __atomic_store_n(&owners[a->slot], nullptr, __ATOMIC_RELEASE);
}

}  // namespace csan
