// Barriers that others describe. Edge: arrival → the return of everyone who waited with it.
//
// The clock is kept beside the barrier's memory: who returns first may free that while others are about to
// return. It may hold arrivals of a later round, which orders more than there is. A barrier of whose begin
// and end nothing was told keeps what one before it at its address had, which does the same.
// Cost: 48 bytes for each.
#pragma once

#include "base/types.h"

namespace csan {

void Arrive(uptr barrier);
void LeaveMeeting(uptr barrier);
// An object begins or ends there. Who is still on the way out goes on as it would have.
void ForgetMeeting(uptr barrier);

}  // namespace csan
