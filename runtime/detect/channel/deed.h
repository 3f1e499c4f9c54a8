// A step of a finding that tells what an actor did to an object.
#pragma once

#include "detect/evidence.h"
#include "report/finding.h"
#include "sync/channel.h"

namespace csan {

// Nothing if nobody did it.
inline void AddDeed(Finding* f, const char* what, const Deed& deed) {
  if (deed.site != 0) AddStep(f, deed.actor, what, 0, deed.site);
}

}  // namespace csan
