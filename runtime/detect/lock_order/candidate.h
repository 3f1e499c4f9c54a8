// Cycles that have been found and have no witness yet. Who calls holds the detector's lock.
#pragma once

#include "base/types.h"
#include "detect/lock_order/cycle.h"
#include "detect/lock_order/witness.h"

namespace csan::lock_order {

// Where the cycle's actors stood; false if one is no longer known.
bool LoadPlaces(const Cycle& cycle, Place* places);
// Whether each of the cycle's wants is part of one that has been told.
bool WasTold(const Cycle& cycle);
void MarkTold(const Cycle& cycle);

// Keeps the cycle, to be judged again when one of its requests is made again.
void AddCandidate(const Cycle& cycle, Verdict verdict);
// Judges the candidates that the request is part of; true if one has a witness, with its places.
bool JudgeAgain(u32 request, Cycle* cycle, Place* places);
// Calls tell(cycle, places) for the cycles that could not be proven and have not been told.
void ForEachUnproven(void (*tell)(const Cycle&, const Place*));

}  // namespace csan::lock_order
