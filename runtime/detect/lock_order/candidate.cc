#include "detect/lock_order/candidate.h"

#include "detect/lock_order/lock_graph.h"
#include "detect/lock_order/place.h"
#include "detect/lock_order/pool.h"

namespace csan::lock_order {
namespace {

struct Candidate {
  Cycle cycle;
  u32 actor[kLongest];  // of the requests
  u32 next[kLongest];   // of the candidates with that request
  u32 asked[kLongest];  // how often, while this was the last of them
  u32 judged;
  bool unproven;  // at least once: not always explained by order
};

constinit Pool<Candidate, 1 << 18> candidates;
constinit Place scratch[kLongest] = {};

// A candidate's place in the list of one of its requests.
constexpr u32 LinkOf(u32 candidate, u32 member) { return candidate * kLongest + member; }

bool Stands(const Candidate& c) {
  for (u32 i = 0; i < c.cycle.size; i++) {
    if (RequestAt(c.cycle.request[i]).actor != c.actor[i]) return false;
  }
  return !WasTold(c.cycle);
}

// Whether it is there already, with the actors that make its requests now.
bool IsKept(const Cycle& cycle) {
  u32 link = RequestAt(cycle.request[0]).candidates;
  while (link != 0) {
    const Candidate& c = candidates[link / kLongest];
    bool same = c.cycle.size == cycle.size;
    for (u32 i = 0; same && i < cycle.size; i++) {
      same =
          c.cycle.request[i] == cycle.request[i] && c.actor[i] == RequestAt(cycle.request[i]).actor;
    }
    if (same) return true;
    link = c.next[link % kLongest];
  }
  return false;
}

}  // namespace

constinit bool (*has_checks)(uptr) = nullptr;

bool LoadPlaces(const Cycle& cycle, Place* places) {
  for (u32 i = 0; i < cycle.size; i++) {
    const Request& request = RequestAt(cycle.request[i]);
    if (!LoadPlace(request, &places[i])) return false;
  }
  return true;
}

const HeldNote* HeldAs(u32 request, const Place& place, LockId lock) {
  u32 i = place.held_count;
  HeldSetId set = RequestAt(request).held;
  for (; set != 0 && i-- > 0; set = SetAt(set).parent) {
    if (SetAt(set).lock() == lock) return &place.held[i];
  }
  return nullptr;
}

Verdict JudgeCycle(const Cycle& cycle, const Place* places) {
  const Verdict verdict = Judge(places, cycle.size);
  bool checked = has_checks == nullptr;
  for (u32 i = 0; i < cycle.size; i++) {
    const u32 next = (i + 1) % cycle.size;
    const LockId lock = RequestAt(cycle.request[i]).lock();
    const HeldNote* held = HeldAs(cycle.request[next], places[next], lock);
    const bool same = held != nullptr && held->addr == places[i].asked;
    if (!same && verdict == Verdict::kWitness) return Verdict::kUnproven;
    checked = checked || has_checks(NodeAt(RequestAt(cycle.request[i]).asked).pc_note & kPcMask);
  }
  return checked || verdict != Verdict::kWitness ? verdict : Verdict::kUnproven;
}

bool WasTold(const Cycle& cycle) {
  for (u32 i = 0; i < cycle.size; i++) {
    if (!RequestAt(cycle.request[i]).told) return false;
  }
  return true;
}

void MarkTold(const Cycle& cycle) {
  for (u32 i = 0; i < cycle.size; i++) {
    u32 r = FirstOfWant(RequestAt(cycle.request[i]));
    for (; r != 0; r = RequestAt(r).next) RequestAt(r).told = true;
  }
}

void AddCandidate(const Cycle& cycle, Verdict verdict) {
  if (IsKept(cycle)) return;
  const u32 id = candidates.Take();
  if (id == 0) return;
  Candidate& c = candidates[id];
  c.cycle = cycle;
  c.unproven = verdict == Verdict::kUnproven;
  for (u32 i = 0; i < cycle.size; i++) {
    Request& request = RequestAt(cycle.request[i]);
    c.actor[i] = request.actor;
    c.next[i] = request.candidates;
    request.candidates = LinkOf(id, i);
  }
}

u64 CandidatesRefused() { return candidates.refused(); }

bool IsTurnOf(u32 candidates_of) {
  return IsLookedAt(++candidates[candidates_of / kLongest].asked[candidates_of % kLongest]);
}

bool JudgeAgain(u32 request, Cycle* cycle, Place* places) {
  u32* link = &RequestAt(request).candidates;
  while (*link != 0) {
    Candidate& c = candidates[*link / kLongest];
    u32* const next = &c.next[*link % kLongest];
    if (!Stands(c)) {
      *link = *next;
      continue;
    }
    c.judged++;
    if (IsLookedAt(c.judged) && LoadPlaces(c.cycle, places)) {
      const Verdict verdict = JudgeCycle(c.cycle, places);
      if (verdict == Verdict::kWitness) {
        *cycle = c.cycle;
        return true;
      }
      c.unproven = c.unproven || verdict == Verdict::kUnproven;
    }
    link = next;
  }
  return false;
}

void ForEachUnproven(void (*tell)(const Cycle&, const Place*)) {
  for (u32 i = 1; i <= candidates.used(); i++) {
    const Candidate& c = candidates[i];
    if (!c.unproven || !Stands(c) || !LoadPlaces(c.cycle, scratch)) continue;
    MarkTold(c.cycle);
    tell(c.cycle, scratch);
  }
}

}  // namespace csan::lock_order
