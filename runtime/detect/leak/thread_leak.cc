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

// Whether an earlier thread was created at the same place: one finding tells of all.
bool ToldBefore(u32 id) {
  const StackId created = InfoOf(id)->created;
  for (u32 i = 1; i < id; i++) {
    if (Leaked(InfoOf(i)) && InfoOf(i)->created == created) return true;
  }
  return false;
}

}  // namespace

void ReportThreadLeaks() {
  if (!flags().report_thread_leaks) return;
  constexpr u32 kMost = 100;  // findings
  u32 told = 0;
  const u32 n = ActorsEver();
  for (u32 id = 1; id < n && told < kMost; id++) {
    const ActorInfo* info = InfoOf(id);
    if (!Leaked(info) || ToldBefore(id)) continue;
    told++;
    u32 same = 0;
    for (u32 i = id; i < n; i++)
      same += Leaked(InfoOf(i)) && InfoOf(i)->created == info->created ? 1 : 0;
    RuntimeScope scope;
    Finding* f = BeginFinding();
    f->kind = FindingKind::kThreadLeak;
    Line<96> what;
    what.Str("created thread T").Dec(id);
    if (same > 1) what.Str(" and ").Dec(same - 1).Str(" more");
    if (Step* step = AddStep(f, info->parent, what.data(), 0))
      FillStack(info->created, &step->stack);
    AddActor(f, id);
    Text(f->why, sizeof(f->why))
        .Str(same > 1 ? "they ended" : "it ended")
        .Str(" and nobody joined or detached it: its stack is never given back.");
    CloseSteps(f);
    SubmitFinding(f);
  }
}

}  // namespace csan
