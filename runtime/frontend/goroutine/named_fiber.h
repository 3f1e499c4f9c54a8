// Fibers of which a model tells, by the pointers that their library names them by.
//
// They are actors as contexts are that CSan sees switched (frontend/fiber/fcontext.cc), for libraries whose
// switches it does not see. A fiber knows what was done before it was made; each switch orders what the
// thread did before what it does next; what it did before its end is known after a join. So a library that
// hands fibers from thread to thread by means of its own is not accused of what such a switch orders.
// A name that nobody has made is a thread's own stack. Whoever is said to run on two threads at once goes on
// where it was: that the thread does other things meanwhile is not told, and may hide a race.
// Cost: a probe for each switch; an actor (actor/fiber.h) for each fiber.
#pragma once

#include "base/types.h"

namespace csan {

struct Actor;

// `pc` is where it is made. A name that has not run is forgotten.
void SpawnFiber(uptr name, uptr pc);
// Who runs, of whom no more need be told, is joined by the name until it is finished. Nobody else's finish is
// known by it.
void RunFiber(uptr name);
// Who is named has ended, or does not run any more after the next switch.
void FinishFiber(uptr name);
// The actor's number, or Wait::kNobody.
u32 IdOfFiber(uptr name);
// Before a switch to who is named, 0 for nobody knows whom: returns who runs.
Actor* LeaveForFiber(uptr name);
// The running stack is that of `a` again, on this thread or another; with null it stays who runs.
void ReturnToFiber(Actor* a);

}  // namespace csan
