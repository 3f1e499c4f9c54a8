// Livelocks, by attempts that fail.
//
// Definition. An actor is stuck at an object if for livelock_ms milliseconds, with no pause of half a
// second, it has attempted at least kLeast times to take it (sync/attempts.h says what an attempt is), each
// time in vain, and goes on doing so. A livelock is a cycle of two or more actors, each stuck at an object
// that the next one is the last to have taken. What they achieve at other objects is no progress: to take
// the first lock, fail at the second and step back is just how a livelock goes on.
//
// Why a correct program is hardly accused: in a cycle every member has what another one has wanted for
// all that time, and wants what it cannot get. Two actors that each poll an object which the other one
// keeps, and get on with other work in between, look the same; therefore it is off by default.
//
// What it can miss: attempts by plain loads and by test-and-set that changes the value each time; objects
// that another one than the last to take them has changed since, by a store; cycles one of whose members
// gets its object once in a while; pairs of actor and object that share a place of the table with another
// one; cycles that go through an actor which waits.
//
// Cost: that of sync/attempts.h; a look, the reading of a table of 128 KB twenty times a second.
#include "detect/livelock/livelock.h"

#include "actor/actor.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "sync/attempts.h"

namespace csan::livelock {
namespace {

constexpr u32 kLeast = 10;
constexpr u32 kStuckMax = 256;
constexpr u32 kNone = ~0u;

struct Stuck {
  Attempts attempts;
  ActorSite taken;
  bool visited;
};

// The watchdog's own memory.
constinit Stuck stuck[kStuckMax] = {};
constinit u32 stuck_count = 0;
constinit u32 failed_at_last_look[kAttemptPlaces] = {};
constinit u32 told_since[kAttemptPlaces] = {};

bool IsStuck(u32 place, const Attempts& at, ActorSite* taken) {
  const bool goes_on = at.failed != failed_at_last_look[place];
  failed_at_last_look[place] = at.failed;
  return goes_on && at.failed >= kLeast &&
         at.last_ms - at.since_ms >= static_cast<u32>(flags().livelock_ms) &&
         at.since_ms != told_since[place] && FindSuccess(at.object, taken) &&
         taken->actor != at.actor;
}

void Collect() {
  stuck_count = 0;
  for (u32 place = 0; place < kAttemptPlaces && stuck_count < kStuckMax; place++) {
    Stuck& s = stuck[stuck_count];
    if (!AttemptsAt(place, &s.attempts) || !IsStuck(place, s.attempts, &s.taken)) continue;
    s.visited = false;
    stuck_count++;
  }
}

// Leaves in path[0, n) a cycle that goes on from path[0]; returns n, or 0 if there is none.
u32 FindCycle(u32* path) {
  for (u32 start = 0; start < stuck_count; start++) {
    // From each on only to the first place at which the next one is stuck: cycles with several of them
    // are found from another start, or at another look.
    u32 n = 0;
    for (u32 at = start; at != kNone && !stuck[at].visited;) {
      stuck[at].visited = true;
      path[n++] = at;
      const u32 next = stuck[at].taken.actor;
      at = kNone;
      for (u32 i = 0; i < stuck_count; i++) {
        if (stuck[i].attempts.actor != next) continue;
        for (u32 k = 0; k < n; k++) {
          if (path[k] != i) continue;
          for (u32 j = k; j < n; j++) path[j - k] = path[j];
          return n - k;
        }
        if (at == kNone && !stuck[i].visited) at = i;
      }
    }
  }
  return 0;
}

bool Report(const u32* path, u32 n) {
  Finding* f = BeginFinding();
  f->kind = FindingKind::kLivelock;
  for (u32 i = 0; i < n; i++) {
    const Stuck& s = stuck[path[i]];
    Line<96> what;
    what.Str("has tried in vain ").Dec(s.attempts.failed).Str(" times in ");
    what.Dec(s.attempts.last_ms - s.attempts.since_ms).Str(" ms to take");
    AddStep(f, s.attempts.actor, what.data(), s.attempts.object, s.attempts.site);
    AddStep(f, s.taken.actor, "was the last to take", s.attempts.object, s.taken.site);
  }
  Text why(f->why, sizeof(f->why));
  why.Str("each of these ")
      .Dec(n)
      .Str(" threads retries for what the next one takes again and again,");
  why.Str(
      " and the last for what the first does: take them in one order, or pause for random times.");
  const u32 before = FindingCount();
  SubmitFinding(f);
  return FindingCount() != before;
}

void NoteTold() {
  for (u32 place = 0; place < kAttemptPlaces; place++) {
    Attempts at;
    if (AttemptsAt(place, &at) && at.failed >= kLeast) told_since[place] = at.since_ms;
  }
}

}  // namespace

bool Look() {
  if (!attempts_watched) return false;
  Collect();
  u32 path[kStuckMax];
  const u32 n = stuck_count < 2 ? 0 : FindCycle(path);
  if (n == 0) return false;
  NoteTold();
  return Report(path, n);
}

}  // namespace csan::livelock
