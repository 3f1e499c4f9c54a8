#include "detect/misuse/lock_misuse.h"

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "report/finding.h"

namespace csan {
namespace {

// With the list of actors locked: who holds the lock, and where it was taken, if an actor does that stands
// still or is the running one. Others change their lists.
void TellHolder(Finding* f, const Actor* self, uptr addr, u64 owner) {
  for (const Actor* a = FirstActor(); a != nullptr; a = a->next) {
    if (a->info->os_id != owner && a != self) continue;
    for (u32 i = a->held_count; i-- > 0;) {
      if (a->held[i].addr != addr) continue;
      if (Step* step = AddStep(f, a->id, "holds it", addr))
        FillStack(a->held[i].taken, &step->stack);
      return;
    }
  }
}

void Report(FindingKind kind, const char* what, uptr addr, u64 owner, uptr pc, const char* why) {
  if (!flags().report_mutex_bugs) return;
  RuntimeScope scope;
  Actor* a = Self();
  Finding* f = BeginFinding();
  f->kind = kind;
  if (Step* step = AddStep(f, a->id, what, addr)) {
    FillStack(SiteFor(a, StackTop(a), PackSite(pc, kNoteNone, 0)), &step->stack);
  }
  LockActors();
  TellHolder(f, a, addr, owner);
  UnlockActors();
  Text(f->why, sizeof(f->why)).Str(why);
  CloseSteps(f);
  SubmitFinding(f);
}

}  // namespace

bool HoldsLock(uptr addr) {
  const Actor* a = Self();
  for (u32 i = a->held_count; i-- > 0;) {
    if (a->held[i].addr == addr) return true;
  }
  return false;
}

void ReportUnlockUnlocked(uptr addr, uptr pc) {
  Report(FindingKind::kUnlockUnlocked, "unlocks", addr, 0, pc, "nobody had locked it.");
}

void ReportUnlockByOther(uptr addr, u64 owner, uptr pc) {
  Report(FindingKind::kUnlockByOther, "unlocks", addr, owner, pc,
         "only the thread that has locked it may unlock it; a semaphore may be posted by any.");
}

void ReportDestroyLocked(uptr addr, uptr pc) {
  Report(FindingKind::kDestroyLocked, "destroys", addr, 0, pc, "it is locked.");
}

void ReportWaitWithoutMutex(uptr condition, uptr mutex, uptr pc) {
  Line<128> why;
  why.Str("the caller must hold the mutex ").Hex(mutex).Str(", and does not.");
  Report(FindingKind::kWaitWithoutMutex, "waits for a signal of the condition variable", condition,
         0, pc, why.data());
}

void ReportLocksAtExit() {
  Actor* a = Self();
  if (!flags().report_mutex_bugs) return;
  for (u32 i = 0; i < a->held_count; i++) {
    const HeldLock& held = a->held[i];
    if (held.robust) continue;
    RuntimeScope scope;
    Finding* f = BeginFinding();
    f->kind = FindingKind::kLockAtExit;
    if (Step* step = AddStep(f, a->id, "locked", held.addr)) FillStack(held.taken, &step->stack);
    Text(f->why, sizeof(f->why)).Str("the thread has ended, and nobody else may unlock it.");
    CloseSteps(f);
    SubmitFinding(f);
  }
}

}  // namespace csan
