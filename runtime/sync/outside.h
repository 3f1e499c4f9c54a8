// Objects whose operations are told from outside their locks, before and after each call: notifications,
// barriers, channels. In which order the calls took effect is not known.
//
// Edges, each a superset of the object's own, so that no order is missed: what was done before a call that
// leaves something (LeaveAt, BeginSend, CloseOutside) is known after each later end of a call that takes
// something. Before a receive is known after the sends that come after as many as there are places: where
// no more sends than places have begun, there is no such order. Where calls overlap, more is ordered than
// there is, which may hide a race and invents none.
// The clocks are kept beside the object's memory, for who returns first may free that while others are about
// to return. Where nothing tells of the object's end, what comes to its address is ordered after it.
// Cost: a probe and a lock for each call, 80 bytes and up to three clocks for each object.
#pragma once

#include "base/types.h"

namespace csan {

constexpr u64 kUnknownCapacity = ~0ull;

void LeaveAt(uptr object);
// Around a call that learns what was left, if it happened.
void BeginTake(uptr object);
void EndTake(uptr object, bool happened);
// An object begins or ends there. Who is still on the way out goes on as it would have.
void ForgetOutside(uptr object);

// Channels.
void MakeOutside(uptr channel, u64 capacity);
void BeginSend(uptr channel);
void EndSend(uptr channel, bool happened);
void BeginReceive(uptr channel);
void EndReceive(uptr channel, bool happened);
void CloseOutside(uptr channel);
void FoundClosedOutside(uptr channel);
// How many values are in it, if no call is on its way; else 0.
u64 LeftOutside(uptr channel);

}  // namespace csan
