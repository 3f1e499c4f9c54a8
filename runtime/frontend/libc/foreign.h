// Finds the functions of modules that are not instrumented which instrumented ones call, and has the calls
// told (actor/foreign.h). The C and C++ libraries, whose locks are known, do not count.
//
// The calls go by way of the module's table of functions (DT_JMPREL), whose entries are replaced by thunks
// that tell of the call and jump on. Nothing is replaced in a program without such modules. Cost: some
// 10 ns a call. An entry that is not resolved yet is resolved as dlsym would.
#pragma once

namespace csan {

// Before a thread is made; does nothing when no module has come since the last time.
void WatchForeignCalls();

}  // namespace csan
