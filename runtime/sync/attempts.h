// Attempts that fail: try-locks and timed locks that do not get the lock, compare-exchanges that do not
// store, exchanges that give back what they store. And who has last succeeded at an object.
//
// Tables of fixed size without locks. An entry belongs to one actor and one object, and only the actor
// writes it, unless another pair falls on the same place and takes it over: then counting starts anew.
// Cost: nothing but a test of attempts_watched unless an option asks for them; then a clock reading for a
// failure, a site and some stores for both.
#pragma once

#include "base/types.h"
#include "sync/last_at.h"

namespace csan {

struct Actor;

// An option, set before the program starts.
extern bool attempts_watched;

// By the running actor, if attempts are watched.
void NoteFailed(uptr object, uptr pc);
inline void NoteIfWatched(uptr object, uptr pc) {
  if (CSAN_UNLIKELY(attempts_watched)) NoteFailed(object, pc);
}
void NoteSucceeded(Actor* a, uptr object, StackId site);
// Of an atomic object.
void NoteExchanged(uptr object, bool stored, uptr pc);

// False if it is not known.
bool FindSuccess(uptr object, ActorSite* found);

// What one actor has tried in vain at one object since it succeeded there, or had not tried for a while.
struct Attempts {
  uptr object;
  u32 actor;
  u32 failed;
  u32 since_ms, last_ms;  // by NowMs
  StackId site;           // the last one
};
constexpr u32 kAttemptPlaces = 4096;
// False if there is nothing at the place, or it changes.
bool AttemptsAt(u32 place, Attempts* found);

}  // namespace csan
