#include "sync/section.h"

#include "actor/actor.h"
#include "actor/epoch.h"
#include "base/spin_lock.h"
#include "platform/platform.h"

namespace csan {

constinit bool lock_orders_watched = false;

namespace {

constexpr u32 kForgottenLines = 1 << 12;
constexpr u32 kAny = ~0u;

struct Forgotten {
  uptr addr;
  u32 number;
  bool mixed;                      // several locks: `number` is of some of them
  u64 slots[kClockCapacity / 64];  // of its holders
};

constinit SpinLock sections_lock;
constinit Sections* all = nullptr;
constinit Sections* free_list = nullptr;
constinit Sections* ended[kEndedKept] = {};
constinit u32 ended_count = 0;
constinit Forgotten forgotten[kForgottenLines] = {};
constinit u32 first_forgotten[kClockCapacity] = {};  // epoch of each slot; 0: none

Forgotten& ForgottenLine(uptr addr) { return forgotten[(addr >> 3) * 0x9E3779B97F4A7C15ull >> 52]; }

void ForgetSet(const SectionSet& set, u32 slot) {
  for (const SectionLine& line : set.line) {
    if (line.addr == 0) continue;
    Forgotten& f = ForgottenLine(line.addr);
    f.mixed = f.mixed || set.displaced != 0 || (f.addr != 0 && f.addr != line.addr);
    f.addr = line.addr;
    f.slots[slot / 64] |= 1ull << slot % 64;
    if (f.number < line.latest[0].number) f.number = line.latest[0].number;
  }
}

void Forget(Sections* s) {
  // Without a slot of its own, or with several, it counts as before everything.
  bool placed = s->slot < kSlots && !s->unsure;
  for (const u64 slots : s->earlier) placed = placed && slots == 0;
  const u32 slot = placed ? s->slot : kClockCapacity - 1;
  u32& first = first_forgotten[slot];
  if (first == 0 || first > s->first) first = placed ? s->first : 1;
  for (const SectionSet& set : s->at) ForgetSet(set, slot);
  Sections** link = &all;
  while (*link != s) link = &(*link)->next;
  *link = s->next;
  s->next = free_list;
  free_list = s;
}

Sections* NewSections(Actor* a) {
  SpinGuard guard(sections_lock);
  Sections* s = free_list;
  if (s != nullptr) {
    free_list = s->next;
    for (SectionSet& set : s->at) set = {};
  } else {
    s = static_cast<Sections*>(MapMemory(sizeof(Sections), "sections"));
  }
  s->actor = a->id;
  s->slot = a->slot;
  s->first = a->slot == kNoSlot ? 0 : a->firm->own_from;
  s->unsure = false;
  for (u64& slots : s->earlier) slots = 0;
  s->next = all;
  __atomic_store_n(&all, s, __ATOMIC_RELEASE);
  return s;
}

// The lock's line, or one that is made free for it.
SectionLine& LineFor(Sections* s, uptr addr) {
  SectionSet& set = s->at[Sections::SetOf(addr)];
  for (SectionLine& line : set.line) {
    if (line.addr == addr) return line;
    if (line.addr != 0) continue;
    line.addr = addr;
    return line;
  }
  SectionLine& line = set.line[set.next++ % SectionSet::kLines];
  const u32 until = line.latest[0].to == Section::kOpen ? kAny : line.latest[0].to + 1;
  if (set.displaced < until) set.displaced = until;
  line = {addr, 0, {}, 0};
  return line;
}

// Of what happens now: the epoch that goes on, or the last one, if none has begun since the last release.
u32 Now(const Actor* a) { return a->slot == kNoSlot ? 0 : *a->own_epoch; }

}  // namespace

void NoteAcquired(Actor* a, uptr addr, LockMode mode, u32 number) {
  if (CSAN_UNLIKELY(!firm_order_counts))
    __atomic_store_n(&firm_order_counts, true, __ATOMIC_SEQ_CST);
  if (CSAN_UNLIKELY(a->sections == nullptr)) a->sections = NewSections(a);
  Sections* const s = a->sections;
  SectionLine& line = LineFor(s, addr);
  if (line.latest[1].mode == LockMode::kWrite) line.older_write = line.latest[1].number;
  if (line.latest[0].number == 0) line.first = Now(a);
  line.latest[1] = line.latest[0];
  line.latest[0] = {number, Now(a), Section::kOpen, mode};
}

void NoteReleased(Actor* a, uptr addr) {
  Sections* const s = a->sections;
  if (CSAN_UNLIKELY(s == nullptr)) return;
  for (SectionLine& line : s->at[Sections::SetOf(addr)].line) {
    if (line.addr == addr) line.latest[0].to = Now(a);
  }
}

// What was in the old slot is over, as far as the new one's epochs tell; who holds a lock across holds it
// from the beginning.
void MoveSections(Actor* a) {
  Sections* const s = a->sections;
  if (s == nullptr || s->slot == a->slot) return;
  if (slots_scarce) {
    s->unsure = true;
    return;
  }
  for (SectionSet& set : s->at) {
    for (SectionLine& line : set.line) {
      line.first = 0;
      for (Section& section : line.latest) {
        section.from = 0;
        if (section.to != Section::kOpen) section.to = 0;
      }
    }
    if (set.displaced != 0) set.displaced = 1;
  }
  if (s->slot != kNoSlot) s->earlier[s->slot / 64] |= 1ull << s->slot % 64;
  s->first = a->firm->own_from;
  s->slot = a->slot;
}

void KeepSections(Actor* a) {
  Sections* const s = a->sections;
  if (s == nullptr) return;
  a->sections = nullptr;
  SpinGuard guard(sections_lock);
  Sections*& place = ended[ended_count++ % kEndedKept];
  if (place != nullptr) Forget(place);
  place = s;
}

void LockSections() { sections_lock.Lock(); }
void UnlockSections() { sections_lock.Unlock(); }
const Sections* FirstSections() { return all; }

u32 LastForgotten(uptr addr, const u32* limit) {
  const Forgotten& f = ForgottenLine(addr);
  if (f.addr == 0 || (f.addr != addr && !f.mixed)) return 0;
  for (u32 slot = 0; slot < kClockCapacity; slot++) {
    if ((f.slots[slot / 64] >> slot % 64 & 1) == 0) continue;
    if (slot >= kSlots || limit[slot] >= first_forgotten[slot]) return f.mixed ? kAny : f.number;
  }
  return 0;
}

}  // namespace csan
