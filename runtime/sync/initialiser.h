// Who runs which initialisation: of a pthread_once or a function-local static. Others wait for its end.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// The running actor begins, and ends, the initialisation that the object at `addr` guards.
void BeginInitialisation(uptr addr);
void EndInitialisation(uptr addr);
// The actor that is at it; Wait::kNobody if none is known.
u32 InitialiserOf(uptr addr);
// In a forked child, where nobody else is left to end one.
void ForgetInitialisations();

}  // namespace csan
