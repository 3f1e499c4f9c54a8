#include "detect/lock_order/witness.h"

#include "actor/firm.h"
#include "clock/slots.h"
#include "sync/section.h"
#include "sync/sync_var.h"

namespace csan::lock_order {
namespace {

constexpr u32 kAny = ~0u;

// The parts: members up to their requests, others up to and with the epoch `limit` of their slots.
struct Parts {
  const Place* place;
  u32 count;
  u32 limit[kClockCapacity];

  const Place* PlaceOf(const Sections& s) const {
    for (u32 i = 0; i < count; i++) {
      if (place[i].actor == s.actor) return &place[i];
    }
    return nullptr;
  }
  // Others know of an actor only by its slots.
  bool Has(const Sections& s) const {
    return PlaceOf(s) != nullptr || HadEarlier(s) ||
           (s.slot < kSlots && limit[s.slot] != 0 && limit[s.slot] >= s.first);
  }
  bool HadEarlier(const Sections& s) const {
    for (u32 slot = 0; slot < kSlots; slot++) {
      if ((s.earlier[slot / 64] >> slot % 64 & 1) != 0 && limit[slot] != 0) return true;
    }
    return false;
  }
  bool HasRequest() const {
    for (u32 i = 0; i < count; i++) {
      if (limit[place[i].slot] >= place[i].epoch) return true;
    }
    return false;
  }
};

bool IsHeld(const Place& place, uptr addr, u32 number) {
  for (u32 i = 0; i < place.held_count; i++) {
    if (place.held[i].addr == addr && place.held[i].number == number) return true;
  }
  return false;
}

bool Includes(const Parts& parts, const Sections& s, uptr addr, const Section& section) {
  const Place* place = parts.PlaceOf(s);
  if (place == nullptr) return s.slot < kSlots && section.from <= parts.limit[s.slot];
  // In the epoch of the request no lock has been released: what was taken before is held.
  return section.from < place->epoch || IsHeld(*place, addr, section.number);
}

// An upper bound of the acquisitions of the lock, in a way that excludes `mode`, in the part of `s`.
u32 LastTaken(const Parts& parts, const Sections& s, uptr addr, LockMode mode) {
  const SectionSet& set = s.at[Sections::SetOf(addr)];
  const SectionLine* found = Sections::LineIn(set, addr);
  if (found == nullptr) return set.displaced == 0 ? 0 : kAny;
  const SectionLine& line = *found;
  for (const Section& section : line.latest) {
    if (section.number == 0) break;
    const bool excludes = mode == LockMode::kWrite || section.mode == LockMode::kWrite;
    if (excludes && Includes(parts, s, addr, section)) return section.number;
  }
  const u32 oldest = line.latest[line.latest[1].number != 0 ? 1 : 0].number;
  if (set.displaced != 0) return oldest - 1;
  if (mode == LockMode::kRead) return line.older_write;
  return line.latest[1].number != 0 ? oldest - 1 : 0;
}

// Whether a part, but for that of `but`, has the lock after its acquisition `number`.
bool TakenLater(const Parts& parts, u32 but, uptr addr, LockMode mode, u32 number) {
  if (AcquisitionsOf(addr) <= number) return false;
  if (LastForgotten(addr, parts.limit) > number) return true;
  for (const Sections* s = FirstSections(); s != nullptr; s = s->next) {
    if (s->actor != but && parts.Has(*s) && LastTaken(parts, *s, addr, mode) > number) return true;
  }
  return false;
}

bool MembersKeepTheirLocks(const Parts& parts) {
  for (u32 i = 0; i < parts.count; i++) {
    const Place& place = parts.place[i];
    for (u32 k = 0; k < place.held_count; k++) {
      const HeldNote& held = place.held[k];
      if (TakenLater(parts, place.actor, held.addr, held.mode, held.number)) return false;
    }
  }
  return true;
}

enum class Step { kNone, kGrown, kStuck };

Step Extend(Parts* parts, const Sections& s, u32 to) {
  if (to == Section::kOpen) return Step::kStuck;
  if (parts->limit[s.slot] >= to) return Step::kNone;
  parts->limit[s.slot] = to;
  JoinKnowledge(s.slot, to, parts->limit);
  return Step::kGrown;
}

// Adds the release of a section that the part of another actor ends in, if a later one of the lock is in.
Step CloseLine(Parts* parts, const Sections& s, const SectionLine& line) {
  const u32 limit = parts->limit[s.slot];
  if (line.addr == 0) return Step::kNone;
  for (const Section& section : line.latest) {
    if (section.number == 0 || section.from > limit || section.to <= limit) continue;
    if (TakenLater(*parts, s.actor, line.addr, section.mode, section.number)) {
      return Extend(parts, s, section.to);
    }
  }
  // The part ends before the sections that are known: unless it ends before the first, it may end in an
  // earlier one.
  if (line.latest[1].number > 1 && line.latest[1].from > limit && line.first <= limit &&
      TakenLater(*parts, s.actor, line.addr, LockMode::kWrite, 0)) {
    return Extend(parts, s, line.latest[1].from);
  }
  return Step::kNone;
}

Step CloseSet(Parts* parts, const Sections& s, const SectionSet& set) {
  if (set.displaced > parts->limit[s.slot] + 1) return Step::kStuck;
  Step result = Step::kNone;
  for (const SectionLine& line : set.line) {
    const Step step = CloseLine(parts, s, line);
    if (step == Step::kStuck) return step;
    if (step == Step::kGrown) result = step;
  }
  return result;
}

Step CloseOthers(Parts* parts) {
  Step result = Step::kNone;
  for (const Sections* s = FirstSections(); s != nullptr; s = s->next) {
    if (parts->PlaceOf(*s) != nullptr || !parts->Has(*s)) continue;
    if (s->unsure || s->slot >= kSlots || parts->HadEarlier(*s)) return Step::kStuck;
    for (const SectionSet& set : s->at) {
      const Step step = CloseSet(parts, *s, set);
      if (step == Step::kStuck) return step;
      if (step == Step::kGrown) result = step;
    }
  }
  return result;
}

Verdict Close(Parts* parts) {
  Step step;
  do {
    step = CloseOthers(parts);
    if (step == Step::kStuck) return Verdict::kUnproven;
    if (parts->HasRequest()) return Verdict::kOrdered;
  } while (step == Step::kGrown);
  return MembersKeepTheirLocks(*parts) ? Verdict::kWitness : Verdict::kUnproven;
}

constinit Parts the_parts = {};

}  // namespace

Verdict Judge(const Place* places, u32 count) {
  Parts& parts = the_parts;
  parts.place = places;
  parts.count = count;
  for (u32& limit : parts.limit) limit = 0;
  bool whole = !slots_scarce;
  for (u32 i = 0; i < count; i++) {
    JoinInto(parts.limit, places[i].firm, places[i].size);
    whole = whole && places[i].whole;
  }
  if (parts.HasRequest()) return Verdict::kOrdered;
  if (!whole) return Verdict::kUnproven;
  LockSections();
  const Verdict verdict = Close(&parts);
  UnlockSections();
  return verdict;
}

}  // namespace csan::lock_order
