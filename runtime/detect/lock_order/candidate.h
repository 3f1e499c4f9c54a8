// Cycles that have been found and have no witness yet. Who calls holds the detector's lock.
#pragma once

#include "base/types.h"
#include "detect/lock_order/cycle.h"
#include "detect/lock_order/held_set.h"
#include "detect/lock_order/witness.h"

namespace csan::lock_order {

// Where the cycle's actors stood; false if one is no longer known.
bool LoadPlaces(const Cycle& cycle, Place* places);
// The lock `lock`, as the maker of the request held it; null if it is not kept.
const HeldNote* HeldAs(u32 request, const Place& place, LockId lock);
// Whether the code at `pc` has checks: what other code reads, and goes by, is not known.
extern bool (*has_checks)(uptr pc);
// As Judge; never a witness if the locks asked for are others than those held, of the same classes, or if
// none of the requests is made by code with checks.
Verdict JudgeCycle(const Cycle& cycle, const Place* places);
// Whether each of the cycle's wants is part of one that has been told.
bool WasTold(const Cycle& cycle);
void MarkTold(const Cycle& cycle);

// Whether the n-th occurrence of what has no witness is looked at: the first 64, then each power of two.
constexpr bool IsLookedAt(u32 n) { return n <= 64 || (n & (n - 1)) == 0; }
// Keeps the cycle, to be judged again when one of its requests is made again.
void AddCandidate(const Cycle& cycle, Verdict verdict);
u64 CandidatesRefused();
// Whether they are to be judged again now that the request that has them is made once more.
bool IsTurnOf(u32 candidates);
// Judges the candidates that the request is part of; true if one has a witness, with its places.
bool JudgeAgain(u32 request, Cycle* cycle, Place* places);
// Calls tell(cycle, places) for the cycles that could not be proven and have not been told.
void ForEachUnproven(void (*tell)(const Cycle&, const Place*));

}  // namespace csan::lock_order
