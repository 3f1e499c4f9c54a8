// A cycle as a finding: for each actor where it took the lock that the one before asks for, and where it
// asks for the next.
#pragma once

#include "base/types.h"
#include "detect/lock_order/cycle.h"
#include "detect/lock_order/witness.h"
#include "report/finding.h"

namespace csan::lock_order {

void FillCycle(Finding* f, const Cycle& cycle, const Place* places);

}  // namespace csan::lock_order
