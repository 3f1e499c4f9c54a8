// When main returns, goroutines that it has just let go on have not run yet, and those that are about to
// wait for ever run still. They are given as long as they need to wait or to end: until all do, or no
// thread has run between two looks (what is left then waits for time or input), and a quarter of a second
// at most for those who compute. Nothing can be accused wrongly by it: it only comes before the search.
// Missed: what a machine that is too busy does not get to in that time. Cost: nothing without goroutines;
// 2 ms if some sleep, 250 if some compute.
#include "detect/leak/settle.h"

#include "actor/actor.h"
#include "platform/platform.h"

namespace csan::leak {
namespace {

constexpr u32 kMostMs = 250;

bool SomebodyMayRun() {
  bool may = false;
  LockActors();
  for (const Actor* a = FirstActor(); a != nullptr && !may; a = a->next) {
    may = a->fiber && !a->on_context && !a->info->daemon && !a->wait.waits_told();
  }
  UnlockActors();
  return may;
}

struct Glance {
  u64 self;
  u64 switches;
  bool asleep;
};

bool LookAt(u64 tid, void* context) {
  auto* glance = static_cast<Glance*>(context);
  if (tid == glance->self) return true;
  Task task;
  if (!ReadTask(tid, &task) || task.ended) return true;
  glance->asleep = task.asleep;
  glance->switches += task.switches;
  return glance->asleep;
}

}  // namespace

void AwaitStillness() {
  Glance before = {0, 0, false};
  for (const u32 begin_ms = NowMs(); SomebodyMayRun() && NowMs() - begin_ms < kMostMs;) {
    Glance now = {GetTid(), 0, true};
    if (!ForEachTask(LookAt, &now)) return;
    if (now.asleep && before.asleep && now.switches == before.switches) return;
    before = now;
    SleepMs(1);
  }
}

}  // namespace csan::leak
