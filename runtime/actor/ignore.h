// Regions in which a program asks that its accesses or its synchronisation not count. They nest, and
// belong to the actor. Cost while there are none: nothing, the hooks find no actor instead.
#pragma once

#include "actor/actor.h"

namespace csan {

// An end without a begin is nothing.
inline void Nest(u32* depth, bool begin) {
  if (begin) {
    ++*depth;
  } else if (*depth != 0) {
    --*depth;
  }
}

inline void IgnoreAccesses(Actor* a, bool begin) {
  Nest(&a->ignored_accesses, begin);
  SetSelf(a);
}

inline void IgnoreSync(Actor* a, bool begin) {
  Nest(&a->ignored_sync, begin);
  SetSelf(a);
}

// What a lock that describes itself does within: neither checked nor an order.
inline void IgnoreOwnDoing(Actor* a, bool begin) {
  Nest(&a->own_doing, begin);
  Nest(&a->ignored_accesses, begin);
  IgnoreSync(a, begin);
}

}  // namespace csan
