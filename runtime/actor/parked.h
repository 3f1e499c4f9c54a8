// Fibers that their library has suspended until a queue is told to let one go on: what it says of them.
//
// A fiber that is parked has not run since; whoever ends that calls the function that wakes it, with the
// library's own record of it, and is known to before the fiber can run. What it waits in is a wait with one
// case, the queue.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// Of one that the library knows by its address; never given back.
struct Parked {
  WaitCase queue;  // Wait::cases points to it
  uptr addr;
  Parked* next;
  u32 number;  // of what it is parked for now, or was last
  u32 woken;   // the last of which somebody has ended
  u32 wakers;  // are about to end one
};

// The running actor is about to be suspended. Who has a pointer to its stack below `frame`, to what is the
// library's, only knows that it waits.
void Park(Parked* parked, uptr queue, uptr frame);
// It runs again. False if nobody was seen to let it.
bool Unpark();

// Around the library's own function.
inline u32 BeginWake(Parked* parked) {
  __atomic_fetch_add(&parked->wakers, 1u, __ATOMIC_ACQ_REL);
  return __atomic_load_n(&parked->number, __ATOMIC_ACQUIRE);
}
inline void EndWake(Parked* parked, u32 number, bool woke) {
  if (woke) __atomic_store_n(&parked->woken, number, __ATOMIC_RELEASE);
  __atomic_fetch_sub(&parked->wakers, 1u, __ATOMIC_ACQ_REL);
}

inline bool MayBeWoken(const Parked* parked) {
  return __atomic_load_n(&parked->wakers, __ATOMIC_ACQUIRE) != 0 ||
         __atomic_load_n(&parked->woken, __ATOMIC_ACQUIRE) == parked->number;
}
// Somebody has been seen to let one go on; somebody has let one go on and was not seen.
void TrustParking();
void DistrustParking();
bool ParkingIsKnown();

// Whether it waits for somebody else to let it go on, and nobody has or is about to.
inline bool IsParked(const Actor* a) {
  return a->wait.parked && ParkingIsKnown() &&
         !MayBeWoken(reinterpret_cast<const Parked*>(a->wait.cases));
}

}  // namespace csan
