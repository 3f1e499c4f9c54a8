#include "detect/leak/thread_leak.h"

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "report/finding.h"

namespace csan {
namespace {

bool Leaked(const ActorInfo* info) { return info->finished && !info->joined && !info->detached; }

u32 CountLeaked(StackId created) {
  u32 n = 0;
  for (u32 id = 1; id < ActorsEver(); id++) {
    if (Leaked(InfoOf(id)) && InfoOf(id)->created == created) n++;
  }
  return n;
}

void Report(u32 id) {
  const ActorInfo* info = InfoOf(id);
  const u32 same = CountLeaked(info->created);
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = FindingKind::kThreadLeak;
  Line<96> what;
  what.Str("created thread T").Dec(id);
  if (same > 1) what.Str(" and ").Dec(same - 1).Str(" more");
  AddStep(f, info->parent, what.data(), 0, info->created);
  AddActor(f, id);
  Text why(f->why, sizeof(f->why));
  why.Str(same > 1 ? "they ended" : "it ended");
  why.Str(" and nobody joined or detached it: its stack is never given back.");
  SubmitFinding(f);
}

}  // namespace

// One finding tells of all threads that were created at the same place.
void ReportThreadLeaks() {
  if (!flags().report_thread_leaks) return;
  constexpr u32 kMost = 100;
  StackId told[kMost];
  u32 n = 0;
  for (u32 id = 1; id < ActorsEver() && n < kMost; id++) {
    if (!Leaked(InfoOf(id))) continue;
    u32 i = 0;
    while (i < n && told[i] != InfoOf(id)->created) i++;
    if (i < n) continue;
    told[n++] = InfoOf(id)->created;
    Report(id);
  }
}

void ReportRunningThreads() {
  if (!flags().strict_exit) return;
  const u32 self = Self() != nullptr ? Self()->id : 0;
  for (u32 id = 1; id < ActorsEver(); id++) {
    const ActorInfo* info = InfoOf(id);
    if (!info->running || info->finished || id == self) continue;
    // Of goroutines their own check tells.
    if (info->kind != ActorKind::kThread) continue;
    RuntimeScope scope;
    Finding* f = BeginFinding();
    f->kind = FindingKind::kThreadAtExit;
    Line<96> what;
    what.Str("created thread T").Dec(id);
    AddStep(f, info->parent, what.data(), 0, info->created);
    AddActor(f, id);
    Text(f->why, sizeof(f->why))
        .Str(info->detached ? "it was detached" : "nobody has joined it")
        .Str(", and runs while what it uses is destroyed.");
    SubmitFinding(f);
  }
}

}  // namespace csan
