#include "detect/evidence.h"

#include "actor/actor.h"
#include "base/string.h"

namespace csan {

const Actor* RunsOn(const Actor* thread) {
  const auto* actor =
      *reinterpret_cast<const Actor* const*>(thread->control_block + abi::kTlsActor);
  return actor != nullptr ? actor : thread;
}

void FillStackOf(const Actor* actor, Stack* out) {
  if (const StackId path = __atomic_load_n(&actor->emptied, __ATOMIC_ACQUIRE)) {
    FillStack(path, out);
    return;
  }
  out->n = 0;
  out->creation = 0;
  out->kept = true;
  const StackEntry* top = actor->suspended_top;
  if (actor->control_block != 0) {
    top = *reinterpret_cast<StackEntry* const*>(actor->control_block + abi::kTlsStackTop);
    actor = RunsOn(actor);
  }
  while (top-- > actor->stack_base && out->n < Stack::kMax) AddFrame(top->pc, out);
}

const char* KindOf(u32 actor) {
  switch (InfoOf(actor)->kind) {
    case ActorKind::kFiber:
      return "fiber";
    case ActorKind::kGoroutine:
      return "goroutine";
    default:
      return "thread";
  }
}

void AddActor(Finding* f, u32 id) {
  for (u32 i = 0; i < f->actors; i++) {
    if (f->actor[i].id == id) return;
  }
  if (f->actors == Finding::kActors) return;
  const ActorInfo* info = InfoOf(id);
  ActorRecord& r = f->actor[f->actors++];
  r.id = id;
  r.kind = KindOf(id);
  r.parent_kind = KindOf(info->parent);
  r.os_id = info->os_id;
  StrCopy(r.name, RareOf(id)->name, sizeof(r.name));
  r.running = info->running;
  r.parent = info->parent;
  r.thread = info->thread;
  FillStack(info->created, &r.created);
}

Step* AddStep(Finding* f, u32 actor, const char* what, uptr object) {
  if (f->steps == Finding::kSteps) {
    f->steps_left_out++;
    return nullptr;
  }
  AddActor(f, actor);
  Step& step = f->step[f->steps++];
  step.actor = actor;
  step.object = object;
  StrCopy(step.what, what, sizeof(step.what));
  return &step;
}

void AddStep(Finding* f, u32 actor, const char* what, uptr object, StackId site) {
  if (Step* step = AddStep(f, actor, what, object)) FillStack(site, &step->stack);
}

}  // namespace csan
