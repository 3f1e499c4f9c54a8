// What an actor's fences keep: few execute one, and two clocks are 2 KB.
#pragma once

#include "clock/clock.h"

namespace csan {

struct Actor;

struct Fences {
  Fences* next;   // while nobody has it
  Clock release;  // of the last release fence; size 0 if none
  Clock acquire;  // what an acquire fence would learn; size 0 if nothing
};

// The actor's, made if it has none yet.
Fences* FencesOf(Actor* a);
void FreeFences(Actor* a);

}  // namespace csan
