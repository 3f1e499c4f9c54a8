#include "sync/notified.h"

#include "actor/actor.h"

namespace csan {
namespace {

// No site if one has been seen.
constinit LastAt notified = {};

}  // namespace

void NoteNotified(uptr condition, bool seen, uptr pc) {
  ActorSite last;
  if (notified.Find(condition, &last) && last.site == 0) return;
  Actor* a = Self();
  notified.Put(condition, seen ? ActorSite{} : ActorSite{a->id, SiteAt(a, pc)});
}

void ForgetNotified(uptr condition) { notified.Forget(condition); }

bool FindUnseen(uptr condition, ActorSite* found) {
  return notified.Find(condition, found) && found->site != 0;
}

}  // namespace csan
