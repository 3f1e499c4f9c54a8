#include "detect/misuse/in_use.h"

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/blocked.h"
#include "detect/evidence.h"
#include "report/finding.h"

namespace csan {
namespace {

// The mutex that the last wait at a condition was with. Of conditions that share a place only one is
// checked.
struct Pairing {
  uptr condition;
  uptr mutex;
};
constexpr u32 kPairings = 1024;
constinit Pairing pairings[kPairings] = {};

struct Use {
  Wait::For waits;
  uptr object, size;
  FindingKind kind;
  const char* what;
  const char* why;
};

void Report(const Use& use, const Blocked& other, uptr pc) {
  Actor* a = Self();
  Finding* f = BeginFinding();
  f->kind = use.kind;
  AddStep(f, a->id, use.what, use.object, SiteAt(a, pc));
  Wait wait = {};
  wait.what = use.waits;
  AddStep(f, other.actor, WaitsFor(wait), use.object, other.site);
  Text(f->why, sizeof(f->why)).Str(use.why);
  SubmitFinding(f);
}

void Check(const Use& use, uptr pc) {
  if (!flags().report_mutex_bugs) return;
  RuntimeScope scope;
  Blocked other;
  if (FindBlocked(use.waits, use.object, use.size, 0, &other)) Report(use, other, pc);
}

}  // namespace

void CheckSecondMutex(uptr condition, uptr size, uptr mutex, bool waited, uptr pc) {
  Pairing& last = pairings[condition * 0x9E3779B97F4A7C15ull >> 54 & (kPairings - 1)];
  const bool other_mutex = waited &&
                           __atomic_load_n(&last.condition, __ATOMIC_RELAXED) == condition &&
                           __atomic_load_n(&last.mutex, __ATOMIC_RELAXED) != mutex;
  __atomic_store_n(&last.condition, condition, __ATOMIC_RELAXED);
  __atomic_store_n(&last.mutex, mutex, __ATOMIC_RELAXED);
  if (!other_mutex || !flags().report_mutex_bugs) return;
  RuntimeScope scope;
  Blocked other;
  if (!FindBlocked(Wait::For::kCondition, condition, size, mutex, &other)) return;
  Line<128> why;
  why.Str("the caller gives the mutex ").Hex(mutex).Str(", and who waits already gave ");
  why.Hex(other.with).Put('.');
  Report({Wait::For::kCondition, condition, size, FindingKind::kWaitTwoMutexes,
          "waits for a signal of the condition variable", why.data()},
         other, pc);
}

void CheckConditionDestroyed(uptr condition, uptr size, uptr pc) {
  Check({Wait::For::kCondition, condition, size, FindingKind::kDestroyWaited, "destroys",
         "a thread waits at it that nobody has notified."},
        pc);
}

void CheckSemaphoreDestroyed(uptr semaphore, uptr size, uptr pc) {
  Check({Wait::For::kSemaphore, semaphore, size, FindingKind::kDestroyWaited, "destroys",
         "a thread waits at it, and it has nothing to give."},
        pc);
}

void CheckBarrierDestroyed(uptr barrier, uptr size, uptr pc) {
  Check({Wait::For::kBarrier, barrier, size, FindingKind::kDestroyWaited, "destroys",
         "a thread waits at it for others that have not come yet."},
        pc);
}

void CheckBarrierMadeAnew(uptr barrier, uptr size, uptr pc) {
  Check({Wait::For::kBarrier, barrier, size, FindingKind::kInitInUse, "initialises",
         "a thread waits at it for others that have not come yet."},
        pc);
}

}  // namespace csan
