#include "sync/attempts.h"

#include "actor/actor.h"
#include "actor/scope.h"
#include "actor/waiting.h"
#include "platform/platform.h"

namespace csan {

constinit bool attempts_watched = false;

namespace {

// Who pauses longer between two attempts does something else.
constexpr u32 kPauseMs = 500;

constinit LastAt successes = {};
constinit Attempts attempts[kAttemptPlaces] = {};

Attempts& PlaceOf(u32 actor, uptr object) {
  return attempts[(object ^ static_cast<u64>(actor) << 48) * 0x9E3779B97F4A7C15ull >> 52 &
                  (kAttemptPlaces - 1)];
}

template <typename T>
T Get(const T& from) {
  return __atomic_load_n(&from, __ATOMIC_ACQUIRE);
}
template <typename T>
void Set(T* to, T value) {
  __atomic_store_n(to, value, __ATOMIC_RELEASE);
}

}  // namespace

void NoteFailed(uptr object, uptr pc) {
  Actor* a = Self();
  if (a == nullptr || InRuntime()) return;
  StartLooking();
  Attempts& place = PlaceOf(a->id, object);
  const u32 now = NowMs();
  const u32 failed = Get(place.failed);
  if (Get(place.object) != object || Get(place.actor) != a->id || failed == 0 ||
      now - Get(place.last_ms) > kPauseMs) {
    Set(&place.failed, 0u);
    Set(&place.object, object);
    Set(&place.actor, a->id);
    Set(&place.since_ms, now);
    Set(&place.site, SiteAt(a, pc));
    Set(&place.last_ms, now);
    Set(&place.failed, 1u);
    return;
  }
  Set(&place.last_ms, now);
  Set(&place.failed, failed + 1);
}

void NoteSucceeded(Actor* a, uptr object, StackId site) {
  Attempts& place = PlaceOf(a->id, object);
  if (Get(place.object) == object && Get(place.actor) == a->id) Set(&place.failed, 0u);
  successes.Put(object, {a->id, site});
}

void NoteExchanged(uptr object, bool stored, uptr pc) {
  if (!stored) return NoteFailed(object, pc);
  Actor* a = Self();
  if (a != nullptr && !InRuntime()) NoteSucceeded(a, object, SiteAt(a, pc));
}

bool FindSuccess(uptr object, ActorSite* found) { return successes.Find(object, found); }

bool AttemptsAt(u32 place, Attempts* found) {
  const Attempts& at = attempts[place];
  *found = {Get(at.object),   Get(at.actor),   Get(at.failed),
            Get(at.since_ms), Get(at.last_ms), Get(at.site)};
  return found->failed != 0 && Get(at.object) == found->object && Get(at.actor) == found->actor &&
         Get(at.since_ms) == found->since_ms;
}

}  // namespace csan
