#include "detect/misuse/lock_misuse.h"

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "report/finding.h"
#include "sync/events.h"

namespace csan {
namespace {

Finding* Begin(FindingKind kind, const char* what, uptr addr, StackId site) {
  Finding* f = BeginFinding();
  f->kind = kind;
  AddStep(f, Self()->id, what, addr, site);
  return f;
}

void Submit(Finding* f, const char* why) {
  Text(f->why, sizeof(f->why)).Str(why);
  SubmitFinding(f);
}

// Where the lock was taken, by the running actor, by the thread `owner`, or by a fiber.
void TellHolder(Finding* f, uptr addr, u64 owner) {
  LockActors();
  for (const Actor* a = FirstActor(); a != nullptr; a = a->next) {
    const HeldLock* held = FindHeld(a, addr);
    if (held == nullptr) continue;
    if (a->info->os_id != owner && a != Self() && !held->of_fiber) continue;
    AddStep(f, a->id, "holds it", addr, held->taken);
    break;
  }
  UnlockActors();
}

void Report(FindingKind kind, const char* what, uptr addr, u64 owner, uptr pc, const char* why) {
  if (!flags().report_mutex_bugs) return;
  RuntimeScope scope;
  Actor* a = Self();
  Finding* f = Begin(kind, what, addr, SiteAt(a, pc));
  TellHolder(f, addr, owner);
  Submit(f, why);
}

// Each lock that the running actor has, or only those that are its own as a fiber.
void ReportHeld(const char* why, bool of_fiber = false) {
  const Actor* a = Self();
  for (u32 i = 0; a != nullptr && i < a->held_count; i++) {
    const HeldLock& held = a->held[i];
    if (held.robust || (of_fiber && !held.of_fiber)) continue;
    RuntimeScope scope;
    Submit(Begin(FindingKind::kLockAtExit, "locked", held.addr, held.taken), why);
  }
}

void ReportLongHold(uptr addr, StackId taken, u32 held_ms, uptr pc) {
  RuntimeScope scope;
  Actor* a = Self();
  Finding* f = Begin(FindingKind::kLongHold, "locked", addr, taken);
  Line<96> what;
  what.Str("unlocks it after ").Dec(held_ms).Str(" ms");
  AddStep(f, a->id, what.data(), addr, SiteAt(a, pc));
  Submit(f, "others may have waited for it: copy what is needed, unlock, then do what takes long.");
}

}  // namespace

bool HoldsLock(uptr addr) { return FindHeld(Self(), addr) != nullptr; }

void ReportUnlockUnlocked(uptr addr, uptr pc) {
  Report(FindingKind::kUnlockUnlocked, "unlocks", addr, 0, pc, "nobody had locked it.");
}

void ReportUnlockRefused(uptr addr, uptr pc) {
  LockActors();
  const Actor* a = FirstActor();
  while (a != nullptr && FindHeld(a, addr) == nullptr) a = a->next;
  UnlockActors();
  if (a == nullptr) return ReportUnlockUnlocked(addr, pc);
  Report(FindingKind::kUnlockByOther, "unlocks", addr, 0, pc,
         "only the fiber that has locked it may unlock it: the call has failed.");
}

void ReportUnlockByOther(uptr addr, u64 owner, uptr pc) {
  Report(FindingKind::kUnlockByOther, "unlocks", addr, owner, pc,
         "only the thread that has locked it may unlock it; a semaphore may be posted by any.");
}

void ReportUnlockWrongMode(uptr addr, LockMode mode, uptr pc) {
  const bool reads = mode == LockMode::kRead;
  Report(FindingKind::kUnlockWrongMode, reads ? "unlocks for reading" : "unlocks", addr, 0, pc,
         reads ? "the thread holds it for writing." : "the thread holds it for reading only.");
}

void ReportDestroyLocked(uptr addr, uptr pc) {
  Report(FindingKind::kDestroyLocked, "destroys", addr, 0, pc, "it is locked.");
}

void ReportDestroyedUse(uptr addr, const char* what, uptr pc) {
  Report(FindingKind::kDestroyedLock, what, addr, 0, pc,
         "it has been destroyed, and not initialised again.");
}

void ReportInvalidLock(uptr addr, uptr pc) {
  Report(FindingKind::kDestroyedLock, "locks", addr, 0, pc,
         "it has been destroyed, or was never initialised: what it holds is no mutex.");
}

void ReportDoubleLock(uptr addr, uptr pc) {
  Report(FindingKind::kDoubleLock, "locks", addr, 0, pc,
         "the thread holds it already: the call has failed, and another time may hang.");
}

void ReportSemaphoreOverflow(uptr addr, uptr pc) {
  Report(FindingKind::kSemaphoreOverflow, "posts", addr, 0, pc,
         "it is at its limit: what was to be counted is lost.");
}

void ReportWaitWithoutMutex(uptr condition, uptr mutex, uptr pc) {
  Line<128> why;
  why.Str("the caller must hold the mutex ").Hex(mutex).Str(", and does not.");
  Report(FindingKind::kWaitWithoutMutex, "waits for a signal of the condition variable", condition,
         0, pc, why.data());
}

void ReportLocksAtExit() {
  if (flags().report_mutex_bugs) ReportHeld("the thread has ended, and nobody else may unlock it.");
}

void ReportLocksAtFiberEnd() {
  if (flags().report_mutex_bugs)
    ReportHeld("the fiber has ended, and nobody else may unlock it.", true);
}

void ReportLocksAtProgramExit() {
  if (flags().strict_exit)
    ReportHeld("the program exits with it: what it guards may be half changed.");
}

void LookForLongHolds() {
  if (flags().long_hold_ms > 0)
    long_hold = {static_cast<u32>(flags().long_hold_ms), ReportLongHold};
}

}  // namespace csan
