#include "sync/notified.h"

#include "actor/actor.h"

namespace csan {
namespace {

struct Last {
  uptr condition;
  u64 unseen;  // actor and site; 0 if one was seen
};
constexpr u32 kPlaces = 4096;
constinit Last table[kPlaces] = {};

Last& PlaceOf(uptr condition) {
  return table[condition * 0x9E3779B97F4A7C15ull >> 52 & (kPlaces - 1)];
}
uptr ConditionIn(const Last& last) { return __atomic_load_n(&last.condition, __ATOMIC_ACQUIRE); }

void Put(Last& last, uptr condition, u64 unseen) {
  __atomic_store_n(&last.condition, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&last.unseen, unseen, __ATOMIC_RELEASE);
  __atomic_store_n(&last.condition, condition, __ATOMIC_RELEASE);
}

}  // namespace

void NoteNotified(uptr condition, bool seen, uptr pc) {
  Last& last = PlaceOf(condition);
  const bool known = ConditionIn(last) == condition;
  if (known && __atomic_load_n(&last.unseen, __ATOMIC_RELAXED) == 0) return;
  Actor* a = Self();
  const u64 site = seen ? 0 : SiteFor(a, StackTop(a), PackSite(pc, kNoteNone, 0));
  Put(last, condition, site == 0 ? 0 : static_cast<u64>(a->id) << 32 | site);
}

void ForgetNotified(uptr condition) {
  Last& last = PlaceOf(condition);
  if (ConditionIn(last) == condition) Put(last, 0, 0);
}

bool FindUnseen(uptr condition, Unseen* found) {
  const Last& last = PlaceOf(condition);
  if (ConditionIn(last) != condition) return false;
  const u64 unseen = __atomic_load_n(&last.unseen, __ATOMIC_ACQUIRE);
  if (unseen == 0 || ConditionIn(last) != condition) return false;
  *found = {static_cast<u32>(unseen >> 32), static_cast<StackId>(unseen)};
  return true;
}

}  // namespace csan
