#include "detect/lock_order/lock_order.h"

#include "actor/epoch.h"
#include "actor/scope.h"
#include "base/spin_lock.h"
#include "config/flags.h"
#include "detect/lock_order/candidate.h"
#include "detect/lock_order/cycle.h"
#include "detect/lock_order/lock_class.h"
#include "detect/lock_order/lock_graph.h"
#include "detect/lock_order/memo.h"
#include "detect/lock_order/place.h"
#include "detect/lock_order/tell.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "sync/section.h"
#include "sync/sync_var.h"

namespace csan {

using namespace lock_order;

namespace {

constexpr u32 kEachTime = 64;
constexpr u32 kPlaceOf = 8;
constexpr u32 kCandidatesOfSearch = 32;

constinit SpinLock graph_lock;
constinit Place places[kLongest] = {};

bool Watches(const Actor* a) {
  return multi_actor && lock_orders_watched && a->ignored_sync == a->own_doing;
}

Memo* MemoOf(Actor* a) {
  Memo* memo = a->lock_memo;
  if (CSAN_LIKELY(memo != nullptr && memo->actor == a->id)) return memo;
  if (memo != nullptr) {
    *memo = {};
  } else {
    memo = a->lock_memo = static_cast<Memo*>(MapMemory(sizeof(Memo), "lock orders"));
  }
  memo->actor = a->id;
  return memo;
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

CSAN_NOINLINE HeldSetId AddToSet(const HeldLock& held, HeldSetId parent, SetLine* line) {
  SpinGuard guard(graph_lock);
  const LockId id = IdOf(held.addr);
  const HeldSetId set = id == 0 ? 0 : WithLock(parent, id, held.mode);
  *line = {held.addr, parent, set, held.mode};
  return set;
}

// 0: too little is known of it.
HeldSetId HeldSetOf(Actor* a, Memo* memo) {
  u32 from = a->held_count;
  while (from > 0 && a->held[from - 1].set == 0) from--;
  HeldSetId set = from == 0 ? 0 : a->held[from - 1].set;
  for (u32 i = from; i < a->held_count; i++) {
    HeldLock& held = a->held[i];
    SetLine& line = memo->SetFor(held.addr, set);
    const bool known = line.addr == held.addr && line.parent == set && line.mode == held.mode;
    set = CSAN_LIKELY(known) ? line.set : AddToSet(held, set, &line);
    if (set == 0) return 0;
    held.set = set;
  }
  return set;
}

// Whether this occurrence has nothing to tell but where the actor stands now.
CSAN_ALWAYS_INLINE bool Repeats(Actor* a, AskLine* line) {
  if (line->request == 0) return true;
  Request& request = RequestAt(line->request);
  if (CSAN_UNLIKELY(request.serial != line->serial)) return false;
  if (CSAN_UNLIKELY(request.candidates != 0)) {
    line->asked++;
    if (IsLookedAt(line->asked)) return false;
  }
  // What is asked for all the time keeps a place that is not old.
  line->repeats++;
  if (line->repeats > kEachTime && line->repeats % kPlaceOf != 0) return true;
  const Word cur = RecordingEpoch(a);
  if (line->epoch == cur && line->version == a->firm.version) return true;
  line->epoch = cur;
  line->version = a->firm.version;
  return StorePlace(a, line->addr, &request.place);
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
             (added.new_cycle || !WantAt(request.want).told)) {
    ForEachCycle(added.request, Weigh, found);
  }
}

// Where the call is made.
StackId SiteOf(Actor* a, uptr pc) { return SiteFor(a, StackTop(a), PackSite(pc, kNoteNone, 0)); }

CSAN_NOINLINE void AskAnew(Actor* a, HeldSetId held, uptr addr, LockMode mode, uptr pc,
                           AskLine* line) {
  RuntimeScope scope;
  *line = {addr, held, 0, 0, 0, 0, line->addr == addr ? line->asked : 0, 0, mode};
  // A recursive lock, or one that will never be had; that is for others to tell.
  if (FindHeld(a, addr) != nullptr) return;
  const StackId site = SiteOf(a, pc);
  Found found = {};
  Finding* finding = nullptr;
  {
    SpinGuard guard(graph_lock);
    const LockId lock = IdOf(addr);
    // The latter if another lock of its class is held.
    if (lock == 0 || KeepsOut(held, lock, LockMode::kWrite)) return;
    const Added added = AddRequest(a->id, held, lock, mode);
    if (added.request == 0) return;
    Request& request = RequestAt(added.request);
    if (added.new_actor) request.asked = site;
    if (!StorePlace(a, addr, &request.place)) return;
    line->request = added.request;
    line->serial = request.serial;
    line->epoch = CurrentWord();
    line->version = a->firm.version;
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

void AskNested(Actor* a, uptr addr, LockMode mode, uptr pc) {
  if (!Watches(a)) return;
  Memo* const memo = MemoOf(a);
  const HeldSetId held = HeldSetOf(a, memo);
  if (held == 0) return;
  AskLine& line = memo->AskFor(addr, held);
  const bool known = line.addr == addr && line.held == held && line.mode == mode;
  if (CSAN_LIKELY(known) && Repeats(a, &line)) return;
  AskAnew(a, held, addr, mode, pc, &line);
}

void NameLock(uptr addr, uptr pc) {
  Actor* a = Self();
  if (CSAN_LIKELY(!flags().lock_classes) || a == nullptr) return;
  RuntimeScope scope;
  const StackId site = SiteOf(a, pc);
  SpinGuard guard(graph_lock);
  Numbered(addr, ClassMadeAt(site, addr));
}

void ReportPossibleInversions() {
  RuntimeScope scope;
  SpinGuard guard(graph_lock);
  ForEachUnproven(TellUnproven);
}

void ForgetOtherRequests() {
  const u32 self = Self() == nullptr ? kActorGone : Self()->id;
  for (u32 i = 1; i <= RequestsKnown(); i++) {
    if (RequestAt(i).actor != self) RequestAt(i).actor = kActorGone;
  }
}

u64 LockOrdersLost() {
  return HeldSetsRefused() + RequestsRefused() + PlacesRefused() + SearchesCutShort();
}

}  // namespace csan
