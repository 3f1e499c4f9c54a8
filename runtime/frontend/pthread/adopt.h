// Threads that were not made by an intercepted call.
#pragma once

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

// Makes the calling thread, which has no actor, a detached one. `created` is where it was asked for.
void AdoptCallingThread(u32 parent, StackId created);

}  // namespace csan
