// What front ends of TSan's interface ask before they act.
#pragma once

#include "actor/actor.h"
#include "actor/ignore.h"
#include "base/types.h"
#include "frontend/real.h"
#include "shadow/shadow.h"

namespace csan {

// The actor if events at `at` are to be told: any number may be given for an address.
inline Actor* ListenerAt(const volatile void* at) {
  return CSAN_LISTENING() && HasShadow(reinterpret_cast<uptr>(at)) ? Self() : nullptr;
}
inline Actor* Listener() { return CSAN_LISTENING() ? Self() : nullptr; }

// What a lock does within itself is neither checked nor makes order: the annotation says all.
inline void IgnoreBoth(bool begin) {
  if (Actor* a = Listener()) IgnoreOwnDoing(a, begin);
}

}  // namespace csan
