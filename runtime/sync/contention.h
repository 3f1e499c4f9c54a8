// How often locks are taken at a place, and how long it was waited for there.
//
// A place is a call with the way to it. An acquisition counts as contended if it began with a wait that a
// front end told of (actor/waiting.h): a first attempt had failed. Timed locks and the return from a
// condition variable count as uncontended. Places beyond kContentionPlaces are left out, and counted.
// Cost: nothing but a test at each acquisition unless an option asks for it; then a few shared counters.
#pragma once

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

struct Actor;

struct Contention {
  StackId site;
  u32 actor;  // the last one, and the lock that it took
  uptr lock;
  u64 taken;
  u64 contended;
  u64 waited_us;
};

// An option, set before the program starts.
extern bool contention_watched;
constexpr u32 kContentionPlaces = 1 << 14;

// The running actor has taken the lock; `wait_began_us` by NowUs, 0 if it has not waited.
void CountTaken(const Actor* a, uptr lock, StackId site, u64 wait_began_us);
// Of the places counted so far, for 0 <= i < kContentionPlaces; `taken` is 0 if there is none.
Contention ContentionAt(u32 i);
u64 ContentionLeftOut();

}  // namespace csan
