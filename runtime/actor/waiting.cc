#include "actor/waiting.h"

#include "actor/epoch.h"
#include "actor/ignore.h"
#include "actor/scope.h"
#include "platform/platform.h"
#include "sync/contention.h"
#include "sync/events.h"

namespace csan {

constinit void (*on_first_wait)() = nullptr;

namespace {

bool IsForLock(Wait::For what) {
  return what == Wait::For::kMutex || what == Wait::For::kRead || what == Wait::For::kWrite ||
         what == Wait::For::kSpin;
}

// Returns what the count is now.
u32 Begin(Actor* a, Wait::For what, uptr object, u32 target, uptr with, uptr pc) {
  StartLooking();
  Wait& wait = a->wait;
  if (CSAN_UNLIKELY(contention_watched)) a->lock_wait_began_us = IsForLock(what) ? NowUs() : 0;
  wait.what = what;
  wait.target = target;
  wait.object = object;
  wait.with = with;
  wait.site = SiteAt(a, pc);
  const u32 count = wait.count + (wait.waits() ? 2 : 1);
  __atomic_store_n(&wait.count, count, __ATOMIC_RELEASE);
  return count;
}

}  // namespace

void StartLooking() {
  if (CSAN_LIKELY(on_first_wait == nullptr)) return;
  if (auto* start = __atomic_exchange_n(&on_first_wait, nullptr, __ATOMIC_ACQ_REL)) start();
}

Waiting::Waiting(Wait::For what, uptr object, uptr pc, u32 target, uptr with)
    : actor_(InRuntime() ? nullptr : Self()) {
  if (actor_ == nullptr) return;
  // The C++ library, or another that describes itself, in what has been told.
  if (actor_->wait.waits() &&
      (what == Wait::For::kFutex || actor_->wait.told || actor_->wait.modelled != 0)) {
    actor_ = nullptr;
    return;
  }
  BeforeWait();
  // Of a wait that is over nothing may lie on the stack: who looks for leaks would take it for a use.
  outer_ = actor_->wait.waits() ? actor_->wait : Wait{};
  count_ = Begin(actor_, what, object, target, with, pc);
}

Waiting::~Waiting() {
  if (actor_ == nullptr) return;
  Wait& wait = actor_->wait;
  if (wait.count != count_) return;  // EndWait
  const bool nested = (outer_.count & 1) != 0;
  __atomic_store_n(&wait.count, count_ + (nested ? 2 : 1), __ATOMIC_RELEASE);
  if (!nested) return;
  wait.what = outer_.what;
  wait.target = outer_.target;
  wait.object = outer_.object;
  wait.with = outer_.with;
  wait.site = outer_.site;
}

void BeginToldWait(Wait::For what, uptr object, u32 target, const WaitCase* cases, u32 count,
                   uptr pc) {
  Actor* a = Self();
  if (multi_actor) EndEpoch(a);
  Wait& wait = a->wait;
  wait.told = true;
  wait.let_go = false;
  wait.cases = cases;
  wait.case_count = count;
  Begin(a, what, object, target, 0, pc);
  wait.told_site = wait.site;
}

void BeginTimedWait(uptr pc) {
  Actor* a = Self();
  if (multi_actor) EndEpoch(a);
  a->wait.told_site = SiteAt(a, pc);
}

void LetGo(Actor* a) { __atomic_store_n(&a->wait.let_go, true, __ATOMIC_RELEASE); }

void EndToldWait() {
  Actor* a = Self();
  if (a->wait.told) EndWait();
  a->wait.told = false;
  a->wait.record = {};
  if (multi_actor) EndEpoch(a);
}

void BeginModelledWait(Wait::For what, uptr object, uptr pc, bool of_fiber, u32 target) {
  Actor* a = Self();
  if (a->wait.waits() && a->wait.modelled == 0) return;  // within the wait of a handler's program
  if (a->wait.modelled++ != 0) return;
  BeforeWait();
  a->wait.of_fiber = of_fiber;
  Begin(a, what, object, target, 0, pc);
}

void BeginModelledSelect(u32 cases, uptr pc) {
  Actor* a = Self();
  if (!a->wait.waits()) a->wait.case_count = cases;
  BeginModelledWait(Wait::For::kSelect, 0, pc, false);
}

void EndModelledWait() {
  Actor* a = Self();
  if (a->wait.modelled == 0) return;
  a->wait.modelled--;
  if (a->wait.modelled == 0) EndWait();
}

ModelledCalls LeaveModelledCalls() {
  Actor* a = Self();
  const ModelledCalls calls = {a->wait.modelled, a->model_ignores};
  if (calls.waits != 0) {
    a->wait.modelled = 0;
    EndWait();
  }
  for (; a->model_ignores != 0; a->model_ignores--) IgnoreAccesses(a, false);
  return calls;
}

void ResumeModelledCalls(ModelledCalls calls) {
  Actor* a = Self();
  a->wait.modelled += calls.waits;
  for (u32 i = 0; i < calls.ignores; i++) IgnoreAccesses(a, true);
  a->model_ignores += calls.ignores;
}

bool MustActFirst(const Wait& wait, const Actor* other) {
  if (wait.target != Wait::kNobody || wait.what != Wait::For::kJoin)
    return wait.target == other->id;
  return other->on_context && wait.object != 0 && KnownAs(other) == wait.object;
}

void EndWait() {
  Actor* a = Self();
  if (a != nullptr && a->wait.waits())
    __atomic_store_n(&a->wait.count, a->wait.count + 1, __ATOMIC_RELEASE);
}

}  // namespace csan
