// waitgroup-misuse: a count below zero, and a count raised from zero that nothing orders with a wait.
//
// Below zero: the library tells each change before it takes effect, and the sum is what it will be. A change
// that is not ordered with another may be told first; then it could as well come first.
// Add and Wait: whoever raises the count from zero leaves its epoch, and so does whoever begins to wait
// (sync/marks.h); each looks for one of the other kind that it does not know of. Then Wait could come before
// Add and return at once, waiting for nobody: found even if this run was lucky. Raising a count that is not
// zero is left alone: who does it is one of those who are waited for, and a wait that comes first waits for
// it. Missed: an Add of a running member after which the count was never zero. Cost: a probe for each.
#include "detect/channel/wait_group.h"

#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/channel/deed.h"
#include "sync/on_behalf.h"
#include "sync/wait_group.h"

namespace csan {
namespace {

void Report(const char* does, uptr group, StackId site, const char* other, const Deed& deed,
            const char* why) {
  if (!flags().report_channel_bugs) return;
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = FindingKind::kWaitGroupMisuse;
  AddStep(f, Self()->id, does, group, site);
  AddDeed(f, other, deed);
  Text(f->why, sizeof(f->why)).Str(why);
  SubmitFinding(f);
}

Deed DeedOf(const Mark* mark) { return mark == nullptr ? Deed{} : Deed{mark->actor, mark->site}; }

}  // namespace

bool OnGroupAdd(uptr group, sptr delta, StackId site) {
  Actor* const a = Self();
  bool below = false;
  Deed last = {};
  Deed wait = {};
  UseWaitGroup(group, [&](WaitGroup* g) {
    below = g->count + delta < 0;
    last = g->last;
    if (g->count == 0 && delta > 0) {
      wait = DeedOf(g->waits.Unknown(a));
      g->raises.Put(a, site);
    }
    g->count += below ? 0 : delta;
    g->last = {a->id, site};
    ReleaseFor(a, reinterpret_cast<uptr>(&g->clock));
  });
  if (below) {
    Report("lowers the count of the wait group", group, site, "changed it before", last,
           "the count would be below zero: there are more Dones than Adds.");
  } else if (wait.site != 0) {
    Report("raises the count of the wait group from zero", group, site, "waits for it to be zero",
           wait, "nothing orders the two: Wait may return before this Add, and wait for nobody.");
  }
  return below;
}

void OnGroupWait(uptr group, StackId site) {
  Actor* const a = Self();
  Deed raise = {};
  UseWaitGroup(group, [&](WaitGroup* g) {
    raise = DeedOf(g->raises.Unknown(a));
    g->waits.Put(a, site);
  });
  if (raise.site == 0) return;
  Report("waits for the count of the wait group to be zero", group, site, "raised it from zero",
         raise, "nothing orders the two: Wait may return before that Add, and wait for nobody.");
}

}  // namespace csan
