// State: sync/contention.h. No accusation: the counts are what has been measured. Left out: places at which
// nobody has waited, and those beyond the first kMost; how many is told.
#include "detect/contention/contention.h"

#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "sync/contention.h"

namespace csan {
namespace {

constexpr u32 kMost = 20;

struct Ranking {
  Contention place[kMost];
  u32 n;
  u64 left_out;
};

bool Before(const Contention& a, const Contention& b) {
  return a.waited_us != b.waited_us ? a.waited_us > b.waited_us : a.contended > b.contended;
}

void Insert(Ranking* r, const Contention& c) {
  u32 at = r->n;
  while (at > 0 && Before(c, r->place[at - 1])) at--;
  if (r->n == kMost) r->left_out++;
  if (at == kMost) return;
  if (r->n < kMost) r->n++;
  for (u32 i = r->n - 1; i > at; i--) r->place[i] = r->place[i - 1];
  r->place[at] = c;
}

void Tell(const Contention& c) {
  Finding* f = BeginFinding();
  f->kind = FindingKind::kLockContention;
  f->contention = {c.taken, c.contended, c.waited_us / 1000};
  Line<96> what;
  what.Str("was the last of ").Dec(c.taken).Str(" to take here, ").Dec(c.contended);
  what.Str(" of them after a wait, ").Dec(c.waited_us / 1000).Str(" ms in all,");
  AddStep(f, c.actor, what.data(), c.lock, c.site);
  SubmitFinding(f);
}

constinit Ranking ranking = {};

}  // namespace

void ReportContention() {
  if (!flags().report_lock_contention) return;
  RuntimeScope scope;
  ranking.left_out = ContentionLeftOut();
  for (u32 i = 0; i < kContentionPlaces; i++) {
    const Contention c = ContentionAt(i);
    if (c.contended != 0) Insert(&ranking, c);
  }
  for (u32 i = 0; i < ranking.n; i++) Tell(ranking.place[i]);
  if (ranking.left_out == 0) return;
  Line<128> text;
  text.Dec(ranking.left_out).Str(" more places or acquisitions are left out of lock contention.");
  Say(text.data());
}

}  // namespace csan
