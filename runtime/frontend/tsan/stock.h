// Code that a stock compiler instrumented for TSan, and the shadow stack as it moves it: by calls.
#pragma once

#include "abi/hooks.h"
#include "actor/actor.h"
#include "base/types.h"
#include "detect/race/race.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"
#include "sync/atomic_access.h"

namespace csan {

// `pc` lies in such code: its module counts as instrumented, and its fences are taken into account (it
// does not tell beforehand that it has any).
inline void NoteStockCode(uptr pc) {
  if (CSAN_UNLIKELY(!fences_used)) fences_used = true;
  if (CSAN_UNLIKELY(!IsInstrumented(pc))) {
    RuntimeScope scope;
    RegisterModule(pc, false);
  }
}

// `caller` is where the function returns to. A full stack starts anew; an exit without an entry is
// nothing.
void EnterFunction(uptr caller);
void LeaveFunction();

}  // namespace csan
