// What the functions of <csan/annotate.h> share.
#pragma once

// The runtime defines what others may lack.
#define CSAN_MAY __attribute__((visibility("default"), used))
#include <csan/annotate.h>

#include "abi/hooks.h"
#include "actor/actor.h"
#include "base/types.h"
#include "frontend/tsan/region.h"

namespace csan {

inline uptr AddrOf(const void* at) { return reinterpret_cast<uptr>(at); }
inline Actor* ActorOf(csan_actor handle) {
  return handle == nullptr ? Self() : reinterpret_cast<Actor*>(handle);
}
inline csan_actor HandleOf(Actor* a) { return reinterpret_cast<csan_actor>(a); }
// Where the program is, when a function of ours was called from `pc`.
inline uptr Place(uptr pc) {
  const Actor* a = Self();
  return a->own_doing != 0 && a->own_pc != 0 ? a->own_pc : pc;
}
inline StackId SiteOf(Actor* a, uptr pc) { return SiteAt(a, Place(pc)); }

}  // namespace csan
