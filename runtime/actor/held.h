// Room for the locks that an actor holds: a few at its first lock, then for as many as will be.
//
// The list moves once, to where four million fit (of addresses; more are not noted), and its first place
// stays: who looks for deadlocks may be reading it. Cost: 264 bytes for who has taken a lock.
#pragma once

#include "actor/actor.h"

namespace csan {

bool MakeRoomForHeld(Actor* a);
inline bool RoomForHeld(Actor* a) {
  return CSAN_LIKELY(a->held_count < a->held_capacity) || MakeRoomForHeld(a);
}
// Of an actor that nobody reads any more: it holds none, and has no room.
void FreeHeld(Actor* a);

}  // namespace csan
