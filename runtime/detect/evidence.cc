#include "detect/evidence.h"

#include "actor/actor.h"
#include "base/string.h"

namespace csan {

void FillStack(StackId site, Stack* out) {
  constexpr u64 kPcMask = 0xFFFFFFFFFFFFull;
  out->n = 0;
  out->kept = site != 0;
  for (; site != 0 && out->n < Stack::kMax; site = NodeAt(site).parent) {
    out->pc[out->n++] = NodeAt(site).pc_note & kPcMask;
  }
}

void FillStackOf(const Actor* actor, uptr pc, Stack* out) {
  out->n = 0;
  out->kept = true;
  if (pc != 0) out->pc[out->n++] = pc;
  if (actor->control_block == 0) return;
  const auto* top = *reinterpret_cast<StackEntry* const*>(actor->control_block + abi::kTlsStackTop);
  while (top-- > actor->stack_base && out->n < Stack::kMax) out->pc[out->n++] = top->pc;
}

bool AddActor(Finding* f, u32 id) {
  for (u32 i = 0; i < f->actors; i++) {
    if (f->actor[i].id == id) return true;
  }
  if (f->actors == Finding::kActors) return false;
  const ActorInfo* info = InfoOf(id);
  ActorRecord& r = f->actor[f->actors++];
  r.id = id;
  r.os_id = info->os_id;
  StrCopy(r.name, info->name, sizeof(r.name));
  r.running = info->running;
  r.parent = info->parent;
  FillStack(info->created, &r.created);
  return true;
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

void CloseSteps(Finding* f) {
  if (f->steps > 0) {
    f->now.actor = f->step[0].actor;
    f->now.addr = f->step[0].object;
    f->now.stack = f->step[0].stack;
  }
  if (f->steps > 1) {
    f->before.actor = f->step[1].actor;
    f->before.addr = f->step[1].object;
    f->before.stack = f->step[1].stack;
  }
}

}  // namespace csan
