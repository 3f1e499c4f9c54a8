// Which modules were compiled by us: their constructors say so. Memory events of calls from others are
// not counted, because the order that the other module keeps by its own means is unknown.
#pragma once

#include "base/types.h"

namespace csan {

// `pc` lies in the module; new_data: nothing of it has run. Lock-free to read.
void RegisterModule(uptr pc, bool new_data);
bool IsInstrumented(uptr pc);
void ForgetUnloadedModules();
// Whether a call of dlclose is under way.
bool UnloadsModule();
// How many calls of dlopen asked for RTLD_DEEPBIND, which they do not get.
u64 DeepBindsLeftOut();

}  // namespace csan
