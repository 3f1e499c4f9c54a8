// Regions in which a program asks that its accesses or its synchronisation not count. They nest, and
// belong to the actor. Cost while there are none: nothing, the hooks find no actor instead.
#pragma once

#include "actor/actor.h"

namespace csan {

inline void IgnoreAccesses(Actor* a, bool begin) {
  if (begin) {
    a->ignored_accesses++;
  } else if (a->ignored_accesses != 0) {
    a->ignored_accesses--;
  }
  SetSelf(a);
}

inline void IgnoreSync(Actor* a, bool begin) {
  if (begin) {
    a->ignored_sync++;
  } else if (a->ignored_sync != 0) {
    a->ignored_sync--;
  }
  SetSelf(a);
}

}  // namespace csan
