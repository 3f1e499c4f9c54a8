#include "detect/lock_order/lock_order.h"

#include "actor/epoch.h"
#include "actor/scope.h"
#include "base/spin_lock.h"
#include "config/flags.h"
#include "detect/lock_order/candidate.h"
#include "detect/lock_order/cycle.h"
#include "detect/lock_order/lock_class.h"
#include "detect/lock_order/lock_graph.h"
#include "detect/lock_order/place.h"
#include "detect/lock_order/tell.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "sync/section.h"
#include "sync/sync_var.h"

namespace csan {

using namespace lock_order;

namespace {

constexpr u32 kCandidatesOfSearch = 32;

constinit SpinLock graph_lock;
constinit Place places[kLongest] = {};

bool Watches(const Actor* a) {
  return multi_actor && lock_orders_watched && a->ignored_sync == a->own_doing;
}

// The lock that lives at the address now, `fresh` if it has no number yet. Needs the graph's lock.
LockId Numbered(uptr addr, LockId fresh) {
  Cell* cell = LockCell(UnitOf(addr), true);
  if (cell == nullptr) return 0;
  LockId id = 0;
  if (SyncVar* sync = FindSync(cell, addr, true)) {
    if (sync->lock_id == 0) sync->lock_id = fresh;
    id = sync->lock_id;
  }
  UnlockCell(cell);
  return id;
}

LockId IdOf(uptr addr) {
  const LockId known = Numbered(addr, 0);
  if (known != 0) return known;
  return Numbered(addr, flags().lock_classes ? ClassAt(addr) : NewLock(addr));
}

CSAN_NOINLINE HeldSetId AddToSet(HeldSetId parent, HeldLock* held) {
  RuntimeScope scope;
  SpinGuard guard(graph_lock);
  if (held->lock_id == 0) held->lock_id = IdOf(held->addr);
  return held->lock_id == 0 ? 0 : WithLock(parent, held->lock_id, held->mode);
}

// 0: too little is known of it.
HeldSetId HeldSetOf(Actor* a) {
  u32 from = a->held_count;
  while (from > 0 && a->held[from - 1].set == 0) from--;
  HeldSetId set = from == 0 ? 0 : a->held[from - 1].set;
  for (u32 i = from; i < a->held_count; i++) {
    HeldLock& held = a->held[i];
    const HeldSetId parent = set;
    set = held.lock_id == 0 ? 0 : FindWithLock(parent, held.lock_id, held.mode);
    if (CSAN_UNLIKELY(set == 0)) set = AddToSet(parent, &held);
    if (set == 0) return 0;
    held.set = set;
  }
  return set;
}

// Whether the request has been made before, and this time has nothing to tell but where the actor stands.
CSAN_ALWAYS_INLINE bool Repeats(Actor* a, const LockRequest& asked, uptr addr, LockMode mode) {
  if (CSAN_UNLIKELY(asked.lock == 0)) return false;
  const u32 known = FindRequest(asked.hash, a->id, asked.held, asked.lock, mode);
  if (CSAN_UNLIKELY(known == 0)) return false;
  Request& request = RequestAt(known);
  const u32 candidates = __atomic_load_n(&request.candidates, __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(candidates != 0) && IsTurnOf(candidates)) return false;
  if (!IsRecent(a, request.place)) StorePlace(a, addr, &request);
  return true;
}

struct Found {
  u32 candidates;
  bool witness;
  Cycle cycle;
};

bool Weigh(const Cycle& cycle, void* context) {
  auto* found = static_cast<Found*>(context);
  if (WasTold(cycle) || !LoadPlaces(cycle, places)) return true;
  const Verdict verdict = JudgeCycle(cycle, places);
  if (verdict != Verdict::kWitness) {
    AddCandidate(cycle, verdict);
    return ++found->candidates < kCandidatesOfSearch;
  }
  found->witness = true;
  found->cycle = cycle;
  return false;
}

// Leaves the places of the cycle that has a witness, if one is found.
void Search(const Added& added, Found* found) {
  const Request& request = RequestAt(added.request);
  if (request.candidates != 0 && JudgeAgain(added.request, &found->cycle, places)) {
    found->witness = true;
  } else if (added.new_actor && MayCloseCycle(added.request, added.new_cycle) &&
             (added.new_cycle || !request.told)) {
    ForEachCycle(added.request, Weigh, found);
  }
}

CSAN_NOINLINE void AskAnew(Actor* a, HeldSetId held, uptr addr, LockMode mode, uptr pc) {
  // A recursive lock, or one that will never be had; that is for others to tell.
  if (FindHeld(a, addr) != nullptr) return;
  // Another lock of its class is held.
  const LockId seen = PeekLockId(addr);
  if (seen != 0 && KeepsOut(held, seen, LockMode::kWrite)) return;
  RuntimeScope scope;
  const Word cur = RecordingEpoch(a);
  if (cur == 0 || cur == kNoEpoch) return;
  const StackId site = SiteAt(a, pc);
  Found found = {};
  Finding* finding = nullptr;
  {
    SpinGuard guard(graph_lock);
    const LockId lock = IdOf(addr);
    if (lock == 0 || KeepsOut(held, lock, LockMode::kWrite)) return;
    const Added added = AddRequest(a->id, held, lock, mode);
    if (added.request == 0) return;
    Request& request = RequestAt(added.request);
    if (added.new_actor) request.asked = site;
    if (!StorePlace(a, addr, &request)) return;
    Search(added, &found);
    if (found.witness) {
      MarkTold(found.cycle);
      finding = BeginFinding();
      finding->kind = FindingKind::kLockOrderInversion;
      FillCycle(finding, found.cycle, places);
    }
  }
  if (finding != nullptr) SubmitFinding(finding);
}

void TellUnproven(const Cycle& cycle, const Place* where) {
  Finding* f = BeginFinding();
  f->kind = FindingKind::kPossibleInversion;
  FillCycle(f, cycle, where);
  SubmitFinding(f);
}

}  // namespace

LockRequest ExpectNested(Actor* a, uptr addr, LockMode mode) {
  if (!Watches(a)) return {};
  const HeldSetId held = HeldSetOf(a);
  const LockId lock = PeekLockId(addr);
  const u32 hash = held != 0 && lock != 0 ? ExpectRequest(a->id, held, lock, mode) : 0;
  return {held, lock, hash};
}

void AskNested(Actor* a, const LockRequest& request, uptr addr, LockMode mode, uptr pc) {
  if (CSAN_LIKELY(Repeats(a, request, addr, mode))) return;
  AskAnew(a, request.held, addr, mode, pc);
}

void NameLock(uptr addr, uptr pc) {
  Actor* a = Self();
  if (CSAN_LIKELY(!flags().lock_classes) || a == nullptr) return;
  RuntimeScope scope;
  const StackId site = SiteAt(a, pc);
  SpinGuard guard(graph_lock);
  Numbered(addr, ClassMadeAt(site, addr));
}

void ReportPossibleInversions() {
  RuntimeScope scope;
  SpinGuard guard(graph_lock);
  ForEachUnproven(TellUnproven);
}

void ForgetOtherRequests() { ForgetRequestsBut(Self() == nullptr ? kActorGone : Self()->id); }

u64 LockOrdersLost() {
  return HeldSetsRefused() + RequestsRefused() + PlacesRefused() + CandidatesRefused() +
         SearchesCutShort();
}

}  // namespace csan
