// Wait groups used against their rules. wait_group.cc says why no correct program is accused.
#pragma once

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

// The running actor changes the count, from `site`. True if it must not.
bool OnGroupAdd(uptr group, sptr delta, StackId site);
// The running actor begins to wait.
void OnGroupWait(uptr group, StackId site);

}  // namespace csan
