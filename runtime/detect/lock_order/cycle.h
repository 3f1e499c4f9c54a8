// Cycles of requests: each asks for a lock that the next one holds, and the last for one of the first's.
//
// Only those that could hang: all actors differ, no two of the held sets shut each other out, no lock is
// asked for twice, and what is asked for excludes how it is held. Whether the requests can come together is
// not asked here.
//
// Cost: nothing beyond a look while the edges have no cycle (rank.h), or if nobody who held the asked lock
// has asked for another. Else a search backwards from the held locks, and forwards along what it found. The
// former may take a million steps in all and 64 for each search, the latter kSteps. Longer cycles than
// kLongest and what a search leaves out at its bound are not found; the latter is counted.
#pragma once

#include "base/types.h"

namespace csan::lock_order {

constexpr u32 kLongest = 16;
constexpr u32 kSteps = 1 << 14;

struct Cycle {
  u32 size;
  u32 request[kLongest];
};

// Calls visit(cycle, context) for the cycles through the request, shortest first, until it returns false.
void ForEachCycle(u32 request, bool (*visit)(const Cycle&, void*), void* context);
// Whether a search may find one: new edges may have closed it, or it lies where there have been some.
bool MayCloseCycle(u32 request, bool new_cycle);

u64 SearchesCutShort();

}  // namespace csan::lock_order
